"""The Dutch words of quantities: units with their UCUM or ISO 4217 codes, currencies, and the modifiers before a number."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    kind: str
    code: str
    factor: float = 1.0


class Modifier(NamedTuple):
    bound: str
    approx: bool


def _units(kind: str, *rows: tuple[str, str]) -> dict[str, Unit]:
    return {word: Unit(kind, code) for words, code in rows for word in words.split("|")}


CURRENCIES = _units(
    "money",
    ("euro|euro's|eur|€", "EUR"),
    ("amerikaanse dollar|amerikaanse dollars|dollar|dollars|usd|us$|$", "USD"),
    ("canadese dollar|canadese dollars", "CAD"),
    ("australische dollar|australische dollars", "AUD"),
    ("britse pond|pond sterling|britse ponden|£", "GBP"),
    ("zwitserse frank|zwitserse franken", "CHF"),
    ("noorse kroon|noorse kronen", "NOK"),
    ("zweedse kroon|zweedse kronen", "SEK"),
    ("deense kroon|deense kronen", "DKK"),
    ("ijslandse kroon|ijslandse kronen", "ISK"),
    ("tsjechische kroon|tsjechische kronen", "CZK"),
    ("japanse yen|yen|¥", "JPY"),
    ("chinese yuan|yuan", "CNY"),
    ("russische roebel|roebel|roebels", "RUB"),
    ("indiase roepie|roepie|roepies", "INR"),
    ("oekraïense hryvnia|hryvnia", "UAH"),
    ("poolse zloty|zloty", "PLN"),
    ("turkse lira|lira", "TRY"),
    ("kroon|kronen", "XXX"),
    ("hongaarse forint|forint", "HUF"),
    ("israëlische shekel|shekel|sjekel", "ILS"),
    ("surinaamse dollar|surinaamse dollars", "SRD"),
) | {"eurocent": Unit("money", "EUR", 0.01), "cent": Unit("money", "EUR", 0.01)}

PERCENT = _units("percent", ("procent|procentpunt|procentpunten|%", "%"))

DURATIONS = _units(
    "duration",
    ("seconde|seconden|sec", "s"),
    ("minuut|minuten|min", "min"),
    ("uur|uren|uurtje", "h"),
    ("dag|dagen|etmaal|etmalen|werkdag|werkdagen", "d"),
    ("week|weken", "wk"),
    ("maand|maanden", "mo"),
    ("jaar|jaren", "a"),
) | {
    "kwartier": Unit("duration", "min", 15),
    "kwartieren": Unit("duration", "min", 15),
    "kwartaal": Unit("duration", "mo", 3),
    "kwartalen": Unit("duration", "mo", 3),
    "decennium": Unit("duration", "a", 10),
    "decennia": Unit("duration", "a", 10),
    "eeuw": Unit("duration", "a", 100),
    "eeuwen": Unit("duration", "a", 100),
}

MEASURES = _units(
    "measure",
    ("millimeter|millimeters|mm", "mm"),
    ("centimeter|centimeters|cm", "cm"),
    ("meter|meters|m", "m"),
    ("kilometer|kilometers|km", "km"),
    ("kilometer per uur|km/u|km/h", "km/h"),
    ("meter per seconde|m/s", "m/s"),
    ("knoop|knopen", "[kn_i]"),
    ("vierkante meter|vierkante meters|m²|m2", "m2"),
    ("vierkante kilometer|vierkante kilometers|km²|km2", "km2"),
    ("kubieke meter|kuub|m³|m3", "m3"),
    ("hectare|hectaren|hectares|ha", "har"),
    ("mijl|mijlen", "[mi_i]"),
    ("zeemijl|zeemijlen", "[nmi_i]"),
    ("voet", "[ft_i]"),
    ("milligram|mg", "mg"),
    ("gram|gr", "g"),
    ("kilo|kilo's|kilogram|kg", "kg"),
    ("ton", "t"),
    ("liter|liters", "L"),
    ("milliliter|ml", "mL"),
    ("graden celsius|graden|graad|°c", "Cel"),
    ("watt", "W"),
    ("kilowatt|kw", "kW"),
    ("megawatt|mw", "MW"),
    ("gigawatt|gw", "GW"),
    ("kilowattuur|kwh", "kW.h"),
    ("megawattuur|mwh", "MW.h"),
    ("volt", "V"),
    ("decibel", "dB"),
    ("megabyte|mb", "MBy"),
    ("gigabyte|gb", "GBy"),
    ("terabyte|tb", "TBy"),
)

UNITS = CURRENCIES | PERCENT | DURATIONS | MEASURES

# Attached units, taken whole: `80-jarige`, `tweedaags`; the letters after them are inflection.
INNER_UNITS = {
    "jarig": Unit("age", "a"),
    "daags": Unit("duration", "d"),
    "urig": Unit("duration", "h"),
}

POINT, LEAST, MOST = "point", "min", "max"
MODIFIERS = {
    words: Modifier(bound, approx)
    for bound, approx, row in (
        (POINT, False, "in totaal|totaal|precies|exact|gemiddeld"),
        (
            POINT,
            True,
            "zo'n|zo’n|ongeveer|circa|ca.|rond|naar schatting|pakweg|grofweg|om en nabij|plusminus|een stuk of|een man of",
        ),
        (LEAST, True, "ruim|dik|een dikke|iets meer dan|net iets meer dan"),
        (
            LEAST,
            False,
            "meer dan|minstens|ten minste|tenminste|minimaal|zeker|op zijn minst|op z'n minst|boven|vanaf|niet minder dan",
        ),
        (MOST, True, "bijna|krap|haast|net geen|nauwelijks|amper|een kleine|tegen|iets minder dan|zo goed als"),
        (MOST, False, "minder dan|maximaal|hooguit|hoogstens|ten hoogste|tot|tot aan|tot wel|onder|niet meer dan"),
    )
    for words in row.split("|")
}
VAGUE_BEFORE = ("enkele", "een paar", "vele", "verscheidene", "ettelijke")
VAGUE = {
    "tientallen": 1e1,
    "honderden": 1e2,
    "duizenden": 1e3,
    "tienduizenden": 1e4,
    "honderdduizenden": 1e5,
    "miljoenen": 1e6,
    "miljarden": 1e9,
}
AFTER = {"of meer": LEAST, "of minder": MOST, "naar schatting": POINT}
DOZENS = {"dozijn": 12, "tiental": 10, "twaalftal": 12, "vijftiental": 15, "twintigtal": 20, "dertigtal": 30} | {
    "veertigtal": 40,
    "vijftigtal": 50,
    "zestigtal": 60,
    "honderdtal": 100,
}
