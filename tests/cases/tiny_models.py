"""Models with random weights, small enough to be made in a test: `tiny_models.py TEXTS tagger|gliner FOLDER`, texts as JSON.

They find nothing that is meant; what they give is in the form that the real library gives.
"""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

LABELS = ["O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-GPE", "I-GPE"]
SIZE = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


WORDS = Regex(r"\d+(?:[.,:]\d+)*|\w+|[^\w\s]")
"""A number with its signs is one word, as it is for models that cut at white space."""


def tokenizer(texts):
    """Pieces of words learned from the texts."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    words = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(WORDS, behavior="isolated")]
    made.pre_tokenizer = pre_tokenizers.Sequence(words)
    made.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=400, special_tokens=SPECIAL))
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=4096, **names)


def tagger(words, folder):
    labels = dict(enumerate(LABELS))
    config = BertConfig(
        vocab_size=len(words), max_position_embeddings=4096, initializer_range=2.0, id2label=labels,
        label2id={name: n for n, name in labels.items()}, **SIZE,
    )  # fmt: skip
    BertForTokenClassification(config).eval().save_pretrained(folder)
    words.save_pretrained(folder)


def gliner(words, folder):
    from gliner import GLiNER, GLiNERConfig

    words.save_pretrained(folder)
    encoder = BertConfig(vocab_size=len(words), max_position_embeddings=4096, initializer_range=2.0, **SIZE)
    encoder.save_pretrained(folder)
    config = GLiNERConfig(
        model_name=str(folder), encoder_config=encoder.to_dict(), hidden_size=16, max_len=1024, max_width=4, num_rnn_layers=0,
        dropout=0.0,
    )  # fmt: skip
    GLiNER.from_config(config, backbone_from_pretrained=False).save_pretrained(folder)


if __name__ == "__main__":
    torch.manual_seed(0)
    texts, kind, folder = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True)
    {"tagger": tagger, "gliner": gliner}[kind](tokenizer(texts), folder)
