"""Units by code, with their synonyms: ISO 4217 for money, UCUM for measures and durations where it has a code (`pp`, `bp`, `bft`
and `mag` are ours), `%`, and `1` for what is counted.

The table is that of the guidelines (figures, *Units*): all of its codes, and its words as far as a word says which unit it is and
no more: not those that stand for a multiple (`kwartier`), since the number would have to change with them, nor a second meaning
(`graad` of an angle).
"""

from __future__ import annotations

import re

import polars as pl

SYNONYMS: dict[str, tuple[str, ...]] = {
    "EUR": ("euro", "euro's", "eur", "€", "euros"),
    "USD": ("dollar", "dollars", "amerikaanse dollar", "amerikaanse dollars", "usd", "us$", "$", "us dollar", "us dollars"),
    "CAD": ("canadese dollar", "canadese dollars", "cad", "c$"),
    "AUD": ("australische dollar", "australische dollars", "aud", "a$"),
    "SRD": ("surinaamse dollar", "surinaamse dollars", "srd"),
    "GBP": ("pond", "ponden", "brits pond", "britse pond", "britse ponden", "pond sterling", "gbp", "£", "pound", "pounds"),
    "CHF": ("frank", "franken", "zwitserse frank", "zwitserse franken", "chf"),
    "NOK": ("noorse kroon", "noorse kronen", "nok"),
    "SEK": ("zweedse kroon", "zweedse kronen", "sek"),
    "DKK": ("deense kroon", "deense kronen", "dkk"),
    "JPY": ("yen", "japanse yen", "¥", "japanese yen", "jpy"),
    "CNY": ("yuan", "chinese yuan", "renminbi", "cny"),
    "INR": ("roepie", "roepies", "indiase roepie", "indiase roepies", "inr"),
    "RUB": ("roebel", "roebels", "russische roebel", "russische roebels", "rub"),
    "UAH": ("hryvnia", "oekraïense hryvnia", "uah"),
    "ISK": ("ijslandse kroon", "ijslandse kronen", "isk"),
    "CZK": ("tsjechische kroon", "tsjechische kronen", "czk"),
    "PLN": ("zloty", "poolse zloty", "pln"),
    "HUF": ("forint", "hongaarse forint", "huf"),
    "ILS": ("shekel", "sjekel", "israëlische shekel", "ils"),
    "TRY": ("lira", "turkse lira", "try"),
    "XXX": ("kroon", "kronen"),
    "%": ("procent", "percent", "pct", "per cent"),
    "pp": ("procentpunt", "procentpunten", "percentage point", "percentage points"),
    "bp": ("basispunt", "basispunten", "basis point", "basis points"),
    "[ppth]": ("promille", "‰", "permille", "per mille"),
    "[ppm]": ("ppm", "deeltjes per miljoen"),
    "s": ("seconde", "seconden", "sec", "second", "seconds"),
    "min": ("minuut", "minuten", "minute", "minutes"),
    "h": ("uur", "uren", "uurtje", "urig", "urige", "hour", "hours", "hr", "hrs"),
    "d": ("dag", "dagen", "werkdag", "werkdagen", "etmaal", "etmalen", "daags", "daagse", "day", "days"),
    "wk": ("week", "weken", "weeks"),
    "mo": ("maand", "maanden", "month", "months", "mo_j"),
    "a": ("jaar", "jaren", "jarig", "jarige", "jarigen", "year", "years", "yr", "yrs", "a_j"),
    "mm": ("millimeter", "millimeters", "millimetre", "millimetres"),
    "cm": ("centimeter", "centimeters", "centimetre", "centimetres"),
    "m": ("meter", "meters", "metre", "metres"),
    "km": ("kilometer", "kilometers", "kilometre", "kilometres"),
    "[mi_i]": ("mijl", "mijlen", "mile", "miles"),
    "[nmi_i]": ("zeemijl", "zeemijlen", "nautical mile", "nautical miles"),
    "[ft_i]": ("voet", "foot", "feet"),
    "[ly]": ("lichtjaar", "lichtjaren", "light year", "light years"),
    "m2": ("vierkante meter", "vierkante meters", "m²", "square meter", "square meters", "square metre", "square metres"),
    "km2": (
        "vierkante kilometer", "vierkante kilometers", "km²", "square kilometer", "square kilometers", "square kilometre",
        "square kilometres"
    ),
    "har": ("hectare", "hectaren", "hectares", "ha"),
    "mL": ("milliliter", "ml", "millilitre"),
    "L": ("liter", "liters", "litre", "litres"),
    "m3": ("kubieke meter", "kubieke meters", "kuub", "m³", "cubic meter", "cubic meters", "cubic metre", "cubic metres"),
    "mg": ("milligram",),
    "g": ("gram", "gr", "grams"),
    "kg": ("kilo", "kilo's", "kilogram", "kilos", "kilograms"),
    "t": ("ton", "tons", "tonne", "tonnes"),
    "km/h": ("kilometer per uur", "km/u", "kilometer/uur", "kmh", "kph", "kilometers per hour", "kilometres per hour"),
    "m/s": ("meter per seconde",),
    "[kn_i]": ("knoop", "knopen", "knot", "knots"),
    "Cel": ("graad", "graden", "graden celsius", "°c", "°", "celsius", "degrees celsius", "degree celsius"),
    "[degF]": ("graden fahrenheit", "°f", "fahrenheit", "degrees fahrenheit"),
    "bft": ("beaufort",),
    "deg": (),
    "mag": (),
    "kcal": ("kilocalorie", "kilocalorieën"),
    "J": ("joule",),
    "W": ("watt",),
    "kW": ("kilowatt", "kw"),
    "MW": ("megawatt", "mw"),
    "GW": ("gigawatt", "gw"),
    "kW.h": ("kilowattuur", "kwh"),
    "MW.h": ("megawattuur", "mwh"),
    "GW.h": ("gigawattuur", "gwh"),
    "[HP]": ("paardenkracht", "pk", "horsepower"),
    "V": ("volt",),
    "Hz": ("hertz",),
    "dB": ("decibel",),
    "bar": (),
    "By": ("byte", "bytes"),
    "MBy": ("megabyte", "megabytes", "mb"),
    "GBy": ("gigabyte", "gigabytes", "gb"),
    "TBy": ("terabyte", "terabytes", "tb"),
    "Mbit/s": ("megabit per seconde", "mbit/s", "mbps"),
    "Gbit/s": ("gigabit per seconde", "gbit/s", "gbps"),
    "1": ("", "count", "stuks", "none"),
}  # fmt: skip
"""Code → what also means it, in small letters. A unit outside the table is compared as it is written."""

METRIC = ("m", "m2", "m3", "g", "L", "t", "s", "J", "cal", "W", "W.h", "V", "Hz", "bar", "By", "bit/s", "m/s", "m/h")
"""What a metric prefix may stand before, also where that has no row in the table."""

PREFIXES = ("", "n", "u", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P")

CODES = {word: code for code, words in SYNONYMS.items() for word in (code.lower(), *words)}


def is_code(unit: str) -> bool:
    """Whether a unit is one of the guidelines: of the table, another currency by its three letters, or with a metric prefix."""
    return unit in SYNONYMS or CURRENCY.fullmatch(unit) is not None or unit in PREFIXED


CURRENCY = re.compile("[A-Z]{3}")
PREFIXED = frozenset(prefix + base for prefix in PREFIXES for base in METRIC)


def code(unit: pl.Expr) -> pl.Expr:
    """The unit's code where the unit is one of the synonyms, else the unit itself."""
    plain = unit.str.strip_chars().str.replace_all(r"\s+", " ")
    return pl.coalesce(plain.str.to_lowercase().replace_strict(CODES, default=None, return_dtype=pl.String), plain)
