"""The lexicon of the guidelines by its forms: where a text may present what somebody says, whether or not it is annotated.

One row a lemma of the guidelines' lexicon, under the same name, or a phrase of its rules: the forms that stand for it, and for a
separable verb the finite forms that do so only where its particle follows in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from volgens.model.documents import Span

# lemma | forms that tell enough | finite forms that need a particle | particle
ROWS = """
aandringen op|aangedrongen aandringt aandrong|dringt dringen drong drongen|aan
aangeven|aangegeven aangeeft aangaf aangaven|geeft geven gaf gaven|aan
aankondigen|aangekondigd aankondigt aankondigde aankondigden|kondigt kondigen kondigde kondigden|aan
aannemen|aangenomen aanneemt aannam aannemen|neemt nemen nam namen|aan
aanraden|aangeraden aanraadt aanraadde|raadt raden raadde|aan
aantonen|aangetoond aantonen aantoont aantoonde|toont tonen toonde toonden|aan
aanvoeren|aangevoerd aanvoert aanvoerde|voert voeren voerde voerden|aan
achten|acht achten achtte achtten geacht||
adviseren|adviseert adviseren adviseerde adviseerden geadviseerd||
afdoen als|afgedaan afdoet afdeed|doet doen deed deden|af
afraden|afgeraden afraadt||
aldus|aldus||
antwoorden|antwoordt antwoorden antwoordde antwoordden geantwoord||
argumenteren|argumenteert argumenteren argumenteerde argumenteerden||
bang zijn (dat)|bang||
beamen|beaamt beamen beaamde beaamden beaamd||
becijferen|becijfert becijferen becijferde becijferden becijferd||
begrijpen|begrijpt begrijpen begreep begrepen||
bekendmaken|bekendgemaakt bekendmaken bekendmaakt bekendmaakte|maakt maken maakte maakten|bekend
bekennen|bekent bekennen bekende bekenden||
bekritiseren|bekritiseert bekritiseren bekritiseerde bekritiseerden bekritiseerd||
beloven|belooft beloven beloofde beloofden beloofd||
benadrukken|benadrukt benadrukken benadrukte benadrukten||
bepalen|bepaalt bepalen bepaalde bepaalden bepaald||
bepleiten|bepleit bepleiten bepleitte bepleitten||
berekenen|berekent berekenen berekende berekenden berekend||
berichten|bericht berichten berichtte berichtten||
beschouwen als|beschouwt beschouwen beschouwde beschouwden beschouwd||
beschrijven als|beschrijft beschrijven beschreef beschreven||
beschuldigen van|beschuldigt beschuldigen beschuldigde beschuldigden beschuldigd||
beseffen|beseft beseffen besefte beseften||
besluiten|besluit besluiten besloot besloten||
bestempelen als|bestempelt bestempelen bestempelde bestempelden bestempeld||
betogen (argue)|betoogt betogen betoogde betoogden betoogd||
betreuren|betreurt betreuren betreurde betreurden betreurd||
betwijfelen, twijfelen|betwijfelt betwijfelen betwijfelde betwijfeld twijfelt twijfelen twijfelde twijfelden||
betwisten|betwist betwisten betwistte betwistten||
bevelen|beveelt bevelen beval bevolen||
bevestigen|bevestigt bevestigen bevestigde bevestigden bevestigd||
beweren|beweert beweren beweerde beweerden beweerd||
blijken uit|blijkt blijken bleek bleken gebleken||
claimen|claimt claimen claimde claimden geclaimd||
concluderen|concludeert concluderen concludeerde concludeerden geconcludeerd||
constateren|constateert constateren constateerde constateerden geconstateerd||
dagvaarden, stemmen voor|dagvaardt dagvaarden dagvaardde gedagvaard stemt stemmen stemde stemden gestemd||
denken|denkt denken dacht dachten gedacht||
dreigen|dreigt dreigen dreigde dreigden gedreigd||
duiden op|duidt duiden duidde duidden||
eens zijn, het|eens||
eisen|eist eisen eiste eisten geëist||
erkennen|erkent erkennen erkende erkenden erkend||
fluisteren|fluistert fluisteren fluisterde fluisterden||
garanderen|garandeert garanderen garandeerde garandeerden gegarandeerd||
gelasten|gelast gelasten gelastte||
geloven|gelooft geloven geloofde geloofden geloofd||
gokken op|gokt gokken gokte gokten||
grappen|grapt grapte grapten||
herhalen|herhaalt herhalen herhaalde herhaalden herhaald||
herinneren (eraan), iemand|herinnert herinneren herinnerde herinnerden herinnerd||
herinneren, zich||herinnert herinneren herinnerde herinnerden|zich
hopen|hoopt hopen hoopte hoopten gehoopt||
houden op, het|houdt hield hielden||
inschatten|ingeschat inschat inschatte|schat schatten schatte|in
instemmen|ingestemd instemt instemde instemden|stemt stemmen stemde stemden|in
inzien|ingezien inziet inzag||
klagen|klaagt klagen klaagde klaagden geklaagd||
klinken|klinkt klonk klonken||
laten weten|laten weten||
laten zien|laten zien||
lijken, schijnen|lijkt lijken leek leken schijnt schijnen scheen schenen||
luiden (het oordeel luidt)|luidt luiden luidde luidden||
melden|meldt melden meldde meldden gemeld||
melding maken van|melding||
menen|meent menen meende meenden gemeend||
mopperen|moppert mopperen mopperde mopperden||
naar schatting van|schatting schattingen||
naar verluidt|verluidt||
noemen|noemt noemen noemde noemden genoemd||
omschrijven als|omschrijft omschrijven omschreef omschreven||
onderhandelen, overleggen, praten|onderhandelt onderhandelen onderhandeld overlegt overleggen overlegd praat praten gepraat||
onderschrijven|onderschrijft onderschrijven onderschreef onderschreven||
onderstrepen|onderstreept onderstrepen onderstreepte onderstreepten||
ontdekken|ontdekt ontdekken ontdekte ontdekten||
onthullen|onthult onthullen onthulde onthulden onthuld||
ontkennen|ontkent ontkennen ontkende ontkenden ontkend||
oordelen|oordeelt oordelen oordeelde oordeelden geoordeeld||
opdragen|opgedragen opdraagt opdroeg|draagt dragen droeg droegen|op
opeisen|opgeëist opeist opeiste|eist eisen eiste eisten|op
opmerken|opgemerkt opmerkt opmerkte opmerkten|merkt merken merkte merkten|op
oproepen|opgeroepen oproepen oproept opriep opriepen|roept roepen riep riepen|op
overtuigd zijn|overtuigd||
peilen op|peilt peilde peilden gepeild||
pleiten voor|pleit pleiten pleitte pleitten gepleit||
predicates of saying|boodschap bedoeling bewering aantijgingen informatie||
prijzen, roemen|prijst prijzen prees prezen geprezen roemt roemen roemde roemden geroemd||
ramen|raamt raamde raamden geraamd||
rapporteren|rapporteert rapporteren rapporteerde rapporteerden gerapporteerd||
reageren|reageert reageren reageerde reageerden gereageerd||
registreren|registreert registreren registreerde registreerden geregistreerd||
rekenen op|rekent rekenen rekende rekenden gerekend||
schatten (op)|schat schatten schatte geschat||
schrijven|schrijft schrijven schreef schreven geschreven||
signaleren|signaleert signaleren signaleerde signaleerden gesignaleerd||
sneren|sneert sneren sneerde sneerden||
speculeren|speculeert speculeren speculeerde speculeerden||
spreken over/van|spreekt spreken sprak spraken gesproken||
staan in|staat stond stonden||
stellen|stelt stellen stelde stelden gesteld||
suggereren|suggereert suggereren suggereerde suggereerden gesuggereerd||
tegenspreken|tegengesproken tegenspreekt tegensprak|spreekt spreken sprak spraken|tegen
toegeven|toegegeven toegeeft toegaf toegaven|geeft geven gaf gaven|toe
toelichten|toegelicht toelicht toelichtte|licht lichten lichtte lichtten|toe
toeschrijven aan|toegeschreven toeschrijft toeschreef|schrijft schrijven schreef schreven|toe
toevoegen (eraan)|toegevoegd toevoegt toevoegde|voegt voegen voegde voegden|toe
toezeggen|toegezegd toezegt toezeggen toezegde|zegt zeggen zegde zegden|toe
twitteren|twittert twitteren twitterde twitterden getwitterd||
typeren als|typeert typeren typeerde typeerden getypeerd||
uitgaan van (ervan)|uitgegaan uitgaat uitging|gaat gaan ging gingen|uit
uitleggen|uitgelegd uitlegt uitlegde uitleggen|legt leggen legde legden|uit
uitsluiten|uitgesloten uitsluit uitsloot uitsluiten|sluit sluiten sloot sloten|uit
uitwijzen|uitgewezen uitwijst uitwees|wijst wijzen wees wezen|uit
van mening zijn|mening||
van tafel vegen|veegt vegen veegde veegden geveegd||
vaststellen|vastgesteld vaststellen vaststelt vaststelde|stelt stellen stelde stelden|vast
verdedigen|verdedigt verdedigen verdedigde verdedigden verdedigd||
verdenken van|verdenkt verdenken verdacht verdachten||
verduidelijken|verduidelijkt verduidelijken verduidelijkte verduidelijkten||
vergeten|vergeet vergat vergaten vergeten||
verklaren|verklaart verklaren verklaarde verklaarden verklaard||
vermoeden|vermoedt vermoeden vermoedde vermoedden vermoed||
vernemen van|verneemt vernemen vernam vernamen vernomen||
veroordelen|veroordeelt veroordelen veroordeelde veroordeelden veroordeeld||
verslag doen van|verslag||
vertellen|vertelt vertellen vertelde vertelden verteld||
vertrouwen (erop)|vertrouwt vertrouwen vertrouwde vertrouwden vertrouwd||
vervolgen|vervolgt vervolgde vervolgden||
verwachten|verwacht verwachten verwachtte verwachtten||
verwerpen|verwerpt verwerpen verwierp verwierpen verworpen||
verwijten|verwijt verwijten verweet verweten||
verwijzen naar, zinspelen op|verwijst verwijzen verwees verwezen zinspeelt zinspelen zinspeelde gezinspeeld||
verzekeren|verzekert verzekeren verzekerde verzekerden verzekerd||
verzoeken|verzoekt verzoeken verzocht verzochten||
verzuchten|verzucht verzuchtte verzuchtten||
vinden (think)|vindt vinden vond vonden gevonden||
volgens|volgens||
volhouden|volgehouden volhoudt volhield|houdt houden hield hielden|vol
voorspellen|voorspelt voorspellen voorspelde voorspelden voorspeld||
voorstellen|voorgesteld voorstelt voorstelde|stelt stellen stelde stelden|voor
vorderen|vordert vorderen vorderde vorderden gevorderd||
vragen|vraagt vragen vroeg vroegen gevraagd||
vragen, zich af-|afgevraagd afvraagt afvroeg|vraagt vragen vroeg vroegen|af
vrezen|vreest vrezen vreesde vreesden gevreesd||
vrijgeven, openbaar maken|vrijgegeven vrijgeven vrijgeeft openbaar||
waarschuwen|waarschuwt waarschuwen waarschuwde waarschuwden gewaarschuwd||
weerleggen|weerlegt weerleggen weerlegde weerlegden weerlegd||
weerspreken|weerspreekt weerspreken weersprak weerspraken weersproken||
weigeren te zeggen/bevestigen|weigert weigeren weigerde weigerden geweigerd||
weten|weet weten wist wisten geweten||
wijten aan|wijt wijten||
wijzen op (erop)|wijst wijzen wees wezen gewezen||
willen, van plan zijn|wil willen wilde wilden wou plan||
zeggen|zegt zeggen zei zeiden gezegd||
zou (hearsay)|zou zouden||
zweren|zweert zweren zwoer zwoeren gezworen||
"""


class CueWord(NamedTuple):
    """A word that may be (part of) a cue, and the lemma that it stands under."""

    span: Span
    lemma: str


@cache
def lexicon() -> tuple[str, ...]:
    """All lemmas, in the order of the guidelines."""
    return tuple(row.split("|")[0] for row in ROWS.strip().splitlines())


@cache
def _forms() -> dict[str, tuple[tuple[str, str], ...]]:
    """Form → its lemmas, each with the particle that it needs ("" where it needs none)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in ROWS.strip().splitlines():
        lemma, alone, finite, particle = row.split("|")
        for form in alone.split():
            found.setdefault(form, []).append((lemma, ""))
        for form in finite.split():
            found.setdefault(form, []).append((lemma, particle))
    return {form: tuple(sorted(entries, key=lambda e: not e[1])) for form, entries in found.items()}


SENTENCE_END = re.compile(r"[.!?][\"”’']?(?=\s|$)|\n")


def cue_words(text: str) -> Iterator[CueWord]:
    """Every word of the lexicon in the text, once, under its first lemma that fits: with a particle before without."""
    for match in re.finditer(r"\w+", text):
        entries = _forms().get(match[0].lower(), ())
        end = SENTENCE_END.search(text, match.end())
        rest = set(re.findall(r"\w+", text[match.end() : end.start() if end else len(text)].lower()))
        lemma = next((lemma for lemma, particle in entries if not particle or particle in rest), None)
        if lemma is not None:
            yield CueWord(Span(*match.span()), lemma)
