#!/usr/bin/env python3
"""What pandas reads in test/brought/files: `/usr/bin/python3 test/brought/pandas.py` writes test/brought/pandas.json.

The one that is committed is of pandas 1.5.3 (Debian 12's python3-pandas 1.5.3+dfsg-2).
Each file is read with the arguments that say what the options of its case say: what deltaprop recognises by itself, such as the
delimiter, pandas is told. Booleans are written as the texts that the file has, for a table has numbers and texts alone; None
is no missing value before pandas 2.
"""
import sys
from pathlib import Path

# This file's folder is not where pandas is.
sys.path = [path for path in sys.path if Path(path or '.').resolve() != Path(__file__).parent.resolve()]

import json  # noqa: E402

import pandas as pd  # noqa: E402

HERE = Path(__file__).parent

SEMICOLON = {'sep': ';'}
TAB = {'sep': '\t'}
GERMAN = {'sep': ';', 'decimal': ',', 'thousands': '.'}

# What each is told, beside the defaults. Indexes without a name are left out, as deltaprop does.
ARGUMENTS = {
    'plain.csv': {},
    'semicolons.csv': SEMICOLON,
    'tabs.tsv': TAB,
    'tabs.txt': TAB,
    'bars.csv': {'sep': '|'},
    'sep-line.csv': {**SEMICOLON, 'skiprows': 1},
    'sep-line-comma.csv': {'skiprows': 1},
    'sep-line-quoted.csv': {**TAB, 'skiprows': 1},
    'semicolons-with-commas.csv': SEMICOLON,
    'commas-with-semicolons.csv': {},
    'quoted-semicolons.csv': {},
    'trailing-delimiter.csv': {},
    'trailing-semicolon.csv': SEMICOLON,
    'spaces.txt': {'sep': ' '},
    'german-decimals.csv': GERMAN,
    'german-thousands.csv': GERMAN,
    'german-quoted.csv': {'decimal': ','},
    'french-decimals.csv': {**SEMICOLON, 'decimal': ',', 'thousands': '\u00a0', 'engine': 'python'},
    'swiss-apostrophes.csv': {**SEMICOLON, 'thousands': "'"},
    'english-thousands.csv': {'thousands': ','},
    'millions.csv': {'thousands': ','},
    'decimal-commas-in-tabs.txt': {**TAB, 'decimal': ','},
    'signs.csv': {},
    'minus-german.csv': GERMAN,
    'versions.csv': SEMICOLON,
    'percent.csv': {},
    'utf8-bom.csv': {},
    'utf16le-bom.csv': {'encoding': 'utf-16'},
    'utf16be-bom.csv': {'encoding': 'utf-16'},
    'utf16le-tabs.txt': {'encoding': 'utf-16', **TAB},
    'utf16le-no-bom.csv': {'encoding': 'utf-16-le'},
    'latin1.csv': {'encoding': 'latin-1'},
    'windows-1252.csv': {'encoding': 'cp1252', **GERMAN},
    'crlf.csv': {},
    'no-last-line-end.csv': {},
    'gzip.csv.gz': {},
    'gzip-without-gz.csv': {**SEMICOLON, 'compression': 'gzip'},
    'blank-lines.csv': {},
    'blank-rows.csv': {},
    'quoted-names.csv': {},
    'name-of-many-lines.csv': {},
    'quoted-all.csv': {},
    'line-breaks-in-texts.csv': {},
    'nameless-twice.csv': {},
    'names-of-other-scripts.csv': {},
    'years-as-names.csv': {},
    'proto-names.csv': {},
    'no-header.csv': {'header': None, 'names': ['1', '2', '3']},
    'one-column.csv': {},
    'one-row.csv': {},
    'pandas-index.csv': {},
    'pandas-nan.csv': {},
    'pandas-nan-rep.csv': {},
    'pandas-bools.csv': {'dtype': {'smoker': str, 'survived': str}},
    'pandas-bools-gaps.csv': {'dtype': {'smoker': str}},
    'bools-mixed-case.csv': {'dtype': {'flag': str}},
    'pandas-dates.csv': {},
    'pandas-datetimes.csv': {},
    'german-dates.csv': SEMICOLON,
    'us-dates.csv': {},
    'pandas-big-ids.csv': {'dtype': {'id': str}},
    'big-floats.csv': {},
    'pandas-categorical.csv': {},
    'pandas-multiindex.csv': {},
    'pandas-timedelta.csv': {},
    'r-rownames.csv': {},
    'r-na.csv': {},
    'r-na-quoted.csv': {},
    'r-csv2.csv': GERMAN,
    'r-logicals.csv': {'dtype': {'flag': str}},
    'sql-null.csv': {},
    'sql-backslash-n.tsv': {**TAB, 'na_values': ['\\N'], 'keep_default_na': False},
    'sql-none.csv': {},
    'excel-errors.csv': {},
    'excel-errors-all.csv': {},
    'marks-of-both-kinds.csv': {},
    'indeterminate.csv': {},
    'dashes.csv': {},
    'question-marks.csv': {},
    'minus-999.csv': {'na_values': ['-999'], 'keep_default_na': False},
    'gaps-in-a-note.csv': {'usecols': ['x', 'y']},
    'country-na.csv': {},
    'none-category.csv': {},
    'dash-category.csv': {},
    'zip-codes.csv': {'dtype': {'zip': str}},
    'phones.csv': {},
    'product-codes.csv': {},
    'ordinals.csv': {},
    'yes-no.csv': {},
    'hex.csv': {},
    'times.csv': {},
    'few-texts.csv': {'na_values': ['unknown'], 'keep_default_na': False},
    'few-numbers.csv': {},
    'half-numbers.csv': {},
    'labels.csv': {},
    'labels-bools.csv': {'dtype': {'red': str, 'round': str}},
    'labels-of-numbers.csv': {},
    'wine-classes.csv': {},
    'constant.csv': {},
    'constant-but-for-rounding.csv': {},
    'constant-text.csv': {},
    'category-in-last-row.csv': {},
    'one-class.csv': {},
    'all-missing.csv': {},
    'german-prices.csv': {**GERMAN, 'skiprows': 1, 'encoding': 'utf-8-sig'},
    'titanic.csv': {},
}


def read(file, arguments):
    exact = {} if arguments.get('engine') == 'python' else {'float_precision': 'round_trip'}
    frame = pd.read_csv(HERE / 'files' / file, **exact, **arguments)
    frame = frame[[name for name in frame.columns if not str(name).startswith('Unnamed: ')]]
    columns = []
    for name in frame.columns:
        column = frame[name]
        isna = column.isna()
        numeric = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
        values = [
            None if gone else float(value) if numeric else str(value) for value, gone in zip(column, isna)
        ]
        columns.append({'name': str(name), 'dtype': str(column.dtype), 'missing': int(isna.sum()), 'values': values})
    return {'rows': len(frame), 'texts': sorted(arguments.get('dtype', {})), 'columns': columns}


if __name__ == '__main__':
    files = {file: read(file, arguments) for file, arguments in ARGUMENTS.items()}
    lines = ',\n'.join(f'{json.dumps(file)}: {json.dumps(frame, ensure_ascii=False)}' for file, frame in files.items())
    (HERE / 'pandas.json').write_text(f'{{"pandas": "{pd.__version__}", "files": {{\n{lines}\n}}}}\n')
    print(f'{len(files)} files by pandas {pd.__version__}')
