"""Volgens as a task of lm-evaluation-harness (extra: volgens[lm-eval]): volgens.yaml and its functions, beside this file.

lm_eval run --include_path "$(python -m volgens.integrations.lm_harness)" --tasks volgens …
"""
