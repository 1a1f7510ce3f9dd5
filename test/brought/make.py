#!/usr/bin/env python3
"""The files in test/brought/files, as people bring them, byte by byte: `python3 test/brought/make.py` writes them all.

They are committed too, for the tests need no Python. All of them are made up. What each must give is in cases.ts.
"""
import gzip
import io
import json
import zipfile
from pathlib import Path

FILES = Path(__file__).parent / 'files'


def lines(*records, end='\n'):
    return ''.join(record + end for record in records)


def jsonl(*records):
    return lines(*(record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records))


def packed(text):
    """Its header says that Unix wrote it, whatever this version of Python says there."""
    packed = gzip.compress(text.encode(), mtime=0)
    return packed[:9] + b'\x03' + packed[10:]


def workbook():
    """The beginning of an .xlsx: a zip with the parts that its readers look for first."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w') as parts:
        for name in ('[Content_Types].xml', 'xl/workbook.xml'):
            parts.writestr(zipfile.ZipInfo(name), '<?xml version="1.0"?>')
    return file.getvalue()


def zipped(name, text):
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w') as parts:
        parts.writestr(zipfile.ZipInfo(name), text)
    return file.getvalue()


PLAIN = lines('size,weight,kind', '1,2.5,fir', '2,3.5,oak', '3,4.5,fir')
SEMICOLONS = lines('size;weight;kind', '1;2.5;fir', '2;3.5;oak', '3;4.5;fir')
UMLAUTS = lines('größe,straße,art', '1,Mühlgasse,Tür', '2,Domstraße,Tür', '3,Hof,Bänke')
RECORDS = jsonl({'size': 1, 'kind': 'fir'}, {'size': 2, 'kind': 'oak'}, {'size': 3, 'kind': 'fir'})

files = {
    # Delimiters.
    'plain.csv': PLAIN,
    'semicolons.csv': SEMICOLONS,
    'tabs.tsv': SEMICOLONS.replace(';', '\t'),
    'tabs.txt': SEMICOLONS.replace(';', '\t'),
    'bars.csv': SEMICOLONS.replace(';', '|'),
    'sep-line.csv': 'sep=;\r\n' + SEMICOLONS.replace('\n', '\r\n'),
    'sep-line-comma.csv': 'sep=,\n' + PLAIN,
    'sep-line-quoted.csv': '"sep=\t"\n' + SEMICOLONS.replace(';', '\t'),
    'semicolons-with-commas.csv': lines('name;note;size', 'fir;tall, green;1', 'oak;old, and wide;2', 'elm;gone;3'),
    'commas-with-semicolons.csv': lines('name,note,size', 'fir,tall; green,1', 'oak,old; and wide,2', 'elm,gone,3'),
    'quoted-semicolons.csv': lines('name,note', 'fir,"a;b;c"', 'oak,"d;e;f"'),
    'trailing-delimiter.csv': lines('size,weight,kind,', '1,2.5,fir,', '2,3.5,oak,', '3,4.5,fir,'),
    'trailing-semicolon.csv': lines('size;kind;', '1;fir;', '2;oak;'),
    'trailing-in-rows-only.csv': lines('size,kind', '1,fir,', '2,oak,'),
    'spaces.txt': lines('size kind', '1 fir', '2 oak'),
    # Numbers as countries write them.
    'german-decimals.csv': lines('Breite;Preis;Farbe', '3,5;1.234,56;rot', '0,25;99,90;blau', '12,0;12.000,00;rot'),
    'german-thousands.csv': lines('Menge;Preis', '1.234;3,50', '2.500;4,75', '12;1,25'),
    'german-quoted.csv': lines('"Preis","Farbe"', '"3,5","rot"', '"4,25","blau"'),
    'french-decimals.csv': lines('prix;couleur', '1\u00a0234,56;rouge', '99,90;bleu', '12\u00a0000,00;rouge'),
    'french-narrow-spaces.csv': lines('prix;couleur', '1\u202f234,56;rouge', '99,90;bleu'),
    'french-plain-spaces.csv': lines('prix;couleur', '1 234,56;rouge', '99,90;bleu'),
    'swiss-apostrophes.csv': lines("preis;farbe", "1'234.50;rot", "99.90;blau", "1'000'000.05;rot"),
    'swiss-curly-apostrophes.csv': lines("preis;farbe", "1’234.50;rot", "99.90;blau"),
    'english-thousands.csv': lines('item,price', 'chair,"1,234.50"', 'table,"12,000.25"', 'lamp,99.90'),
    'millions.csv': lines('city,people', 'A,"1,234,567"', 'B,"12,000,000"', 'C,"987,654"'),
    'indian-lakhs.csv': lines('item,price', 'chair,"1,00,000.50"', 'table,"12,00,000.25"', 'lamp,99.90'),
    'doubtful-thousands.csv': lines('item,price', 'chair,"1,234"', 'table,"2,500"', 'lamp,"3,125"'),
    'decimals-mixed.csv': lines('a;b', '3,5;3.5', '4,25;4.25', '5,125;6.5'),
    'decimal-commas-in-tabs.txt': lines('x\ty', '0,5\t1,25', '1,5\t2,25', '2,5\t3,25'),
    'signs.csv': lines('x,y', '+1.5,-2', '.5,2.', '1e3,-1.5E-2'),
    'minus-german.csv': lines('x;y', '-3,5;1', '-1.234,25;2', '+0,5;3'),
    'versions.csv': lines('version;size', '1.2.3;1', '1.10.0;2', '2.0.1;3'),
    'percent.csv': lines('share,kind', '12 %,a', '12.5%,b', '7 %,a'),
    'currency-dollar.csv': lines('price,kind', '"$1,234.00",a', '$5.50,b', '$7.25,a'),
    'currency-euro.csv': lines('Preis;Art', '3,50 €;a', '1.234,00 €;b', '7,25 €;a'),
    'units.csv': lines('weight,kind', '12 kg,a', '12.5 kg,b', '7 kg,a'),
    # Bytes.
    'utf8-bom.csv': b'\xef\xbb\xbf' + UMLAUTS.encode(),
    'utf16le-bom.csv': b'\xff\xfe' + UMLAUTS.encode('utf-16le'),
    'utf16be-bom.csv': b'\xfe\xff' + UMLAUTS.encode('utf-16be'),
    'utf16le-tabs.txt': b'\xff\xfe' + UMLAUTS.replace(',', '\t').replace('\n', '\r\n').encode('utf-16le'),
    'utf16le-no-bom.csv': UMLAUTS.encode('utf-16le'),
    'latin1.csv': UMLAUTS.encode('latin-1'),
    'windows-1252.csv': lines('Preis;Währung', '3,5;€', '4,25;€', '1,5;£').encode('windows-1252'),
    'crlf.csv': PLAIN.replace('\n', '\r\n'),
    'mac-cr.csv': PLAIN.replace('\n', '\r'),
    'no-last-line-end.csv': PLAIN.rstrip('\n'),
    'gzip.csv.gz': packed(PLAIN),
    'gzip-without-gz.csv': packed(SEMICOLONS),
    'gzip-cut.csv.gz': packed(PLAIN)[:-12],
    'zip.csv.zip': zipped('plain.csv', PLAIN),
    'workbook.xlsx': workbook(),
    'workbook-named.csv': workbook(),
    'workbook-old.xls': b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(504),
    'frame.parquet': b'PAR1\x15\x04\x15\x20\x15\x24\x4c\x15\x04\x15\x00\x12\x00\x00' + bytes(16) + b'\x10\x00\x00\x00PAR1',
    # Lines and names.
    'blank-lines.csv': '\n' + lines('size,kind', '1,fir', '', '2,oak', '', '', '3,fir', ''),
    'blank-rows.csv': lines('size,kind', '1,fir', ',', '3,oak', ',', ','),
    'quoted-names.csv': lines('"height, cm","the ""best""",a.b,my column,kind', '1,2,3,4,fir', '2,3,4,6,oak', '3,4,6,8,fir'),
    'name-of-many-lines.csv': lines('"height\nin cm",kind', '1,fir', '2,oak'),
    'quoted-all.csv': lines('"size","kind"', '"1","fir"', '"2.5","oak"'),
    'line-breaks-in-texts.csv': lines('note,size', '"one\ntwo",1', '"say ""hi""",2', '"a,b",3'),
    'names-twice.csv': lines('a,b,a,y', '1,2,3,p', '4,5,6,q'),
    'nameless-twice.csv': lines(',,size,kind', '0,x,1,fir', '1,y,2,oak'),
    'names-of-other-scripts.csv': lines('高さ,возраст,🙂', '1,2,да', '2,3,нет'),
    'years-as-names.csv': lines('country,2020,2021', 'Chad,1,2', 'Peru,3,4'),
    'proto-names.csv': lines('__proto__,constructor,kind', '1,2,fir', '2,3,oak'),
    'ragged.csv': lines('a,b,c', '1,2,3', '4,5'),
    'open-quote.csv': lines('a,b', '1,"x', '2,y'),
    'no-header.csv': lines('5.1,3.5,setosa', '7.0,3.2,versicolor', '6.3,3.3,virginica'),
    'one-column.csv': lines('x', '1', '2', '3'),
    'one-row.csv': lines('x,y', '1,2'),
    'empty.csv': '',
    'blank.csv': '\n\n\n',
    'names-only.csv': lines('size,kind'),
    # pandas.
    'pandas-index.csv': lines(',size,kind', '0,1,fir', '1,2,oak', '2,3,fir'),
    'pandas-nan.csv': lines(',size,kind', '0,1.0,fir', '1,,oak', '2,3.0,', '3,4.0,fir'),
    'pandas-nan-rep.csv': lines('size,kind', '1.0,fir', 'NaN,oak', '3.0,NaN', 'nan,fir'),
    'pandas-bools.csv': lines('smoker,age,survived', 'True,30,False', 'False,41,True', 'True,52,False', 'False,63,True'),
    'pandas-bools-gaps.csv': lines('smoker,age', 'True,30', ',41', 'False,52'),
    'bools-mixed-case.csv': lines('flag,size', 'true,1', 'FALSE,2', 'True,3'),
    'pandas-dates.csv': lines('day,size', '2024-01-05,1', '2024-01-06,2', '2024-02-07,3'),
    'pandas-datetimes.csv': lines('at,size', '2024-01-05 10:00:00,1', '2024-01-05T11:30:00Z,2', '2024-01-05 12:00:00.125000,3'),
    'german-dates.csv': lines('Tag;Menge', '5.1.2024;1', '06.01.2024;2', '7.2.2024;3'),
    'us-dates.csv': lines('at,size', '01/05/2024 10:00,1', '1/6/2024 11:30,2', '12/31/2024 12:00,3'),
    'pandas-big-ids.csv': lines('id,size', '9007199254740991,1', '9007199254740993,2', '9007199254740995,3'),
    'big-ids-negative.csv': lines('id,size', '-9007199254740993,1', '-9007199254740992,2'),
    'big-floats.csv': lines('x,y', '9007199254740993.0,1', '1e300,2'),
    'pandas-categorical.csv': lines('grade,size', 'low,1', 'high,2', 'medium,3', 'low,4'),
    'pandas-multiindex.csv': lines(',,size', 'a,x,1', 'a,y,2', 'b,x,3'),
    'pandas-timedelta.csv': lines('took,size', '0 days 00:01:30,1', '1 days 02:00:00,2'),
    # R.
    'r-rownames.csv': lines('"","size","kind"', '"1",5.1,"fir"', '"2",4.9,"oak"'),
    'r-na.csv': lines('"size","kind"', '5.1,"fir"', 'NA,"oak"', '4.7,NA', '4.6,"fir"'),
    'r-na-quoted.csv': lines('"size","kind"', '"5.1","fir"', '"NA","NA"', '"4.7","fir"'),
    'r-write-table.txt': lines('"size" "kind"', '"1" 5.1 "fir"', '"2" 4.9 "oak"'),
    'r-csv2.csv': lines('"";"size";"kind"', '"1";5,1;"fir"', '"2";4,9;"oak"', '"3";4,7;NA'),
    'r-logicals.csv': lines('"flag","size"', 'TRUE,1', 'FALSE,2', 'NA,3'),
    # Databases and spreadsheets.
    'sql-null.csv': lines('id,name,size', '1,fir,2.5', '2,NULL,NULL', '3,oak,3.5'),
    'sql-backslash-n.tsv': lines('id\tsize', '1\t2.5', '2\t\\N', '3\t3.5', '4\t4.5'),
    'sql-none.csv': lines('size,kind', '1.5,fir', 'None,oak', '2.5,fir'),
    'excel-errors.csv': lines('ratio,kind', '0.5,fir', '#DIV/0!,oak', '#N/A,fir', '#REF!,oak', '2.5,#NAME?'),
    'excel-errors-all.csv': lines('x', '1', '#NULL!', '#VALUE!', '#NUM!', '#NAME?'),
    'marks-of-both-kinds.csv': lines('n,t', '1,a', '?,?', 'N/A,N/A', 'n/a,n/a', '<NA>,<NA>', 'null,null', '-nan,-nan', '#NA,#NA', 'NA,NA', 'None,None', '-,-', '--,--', '2,b'),
    'indeterminate.csv': lines('x,y', '1.5,1', '1.#IND,2', '-1.#QNAN,3', '2.5,4'),
    'dashes.csv': lines('size,kind', '1.5,a', '-,b', '2.5,--', '--,-'),
    'question-marks.csv': lines('horsepower,name', '130,ford', '?,amc', '165,?'),
    'minus-999.csv': lines('temperature,kind', '21.5,a', '-999,b', '22.5,a'),
    'inf.csv': lines('x,y', '1.5,1', 'inf,2', '2.5,3', '3.5,4'),
    'gaps-in-a-note.csv': lines('x,note,y', '1,a,2', '2,,4', '3,,6', '4,b,8', '5,,10', '6,,12'),
    # Values that are not what they look like.
    'country-na.csv': lines('country,people', 'NA,2.5', 'DE,83.2', 'FR,67.8', 'NA,2.6', 'DE,NA'),
    'none-category.csv': lines('alley,price', 'Grvl,100.5', 'None,200.5', 'None,150.5', 'Pave,120.5'),
    'dash-category.csv': lines('result,minute', '+,1', '-,2', '+,3'),
    'zip-codes.csv': lines('zip,rent', '01067,9.5', '10115,14.5', '80331,19.5', '01069,9.9'),
    'phones.csv': lines('phone,calls', '+49 30 1234567,1', '030/765432,2', '(0351) 12-34,3'),
    'product-codes.csv': lines('code,size', 'A-12,1', 'B-7,2', '12-C,3'),
    'ordinals.csv': lines('class,fare', '1st,80.5', '2nd,20.5', '3rd,8.5', '3rd,7.5'),
    'yes-no.csv': lines('smoker,age', 'yes,30', 'no,40', 'yes,50'),
    'hex.csv': lines('colour,size', '0x10,1', '0xff,2', '0x0a,3'),
    'times.csv': lines('at,size', '10:00,1', '11:30,2', '23:59,3'),
    'few-texts.csv': lines('age,kind', '31,a', '32,b', '33,a', 'unknown,b', '35,a', '36,b'),
    'few-texts-of-two.csv': lines('age,kind', '31,a', '32,b', 'unknown,a', '34,b', 'abc,a', '36,b', '37,a', '38,b'),
    'typo.csv': lines('size,kind', '1.5,a', '2.5,b', '3.O,a', '4.5,b', '5.5,a'),
    'few-numbers.csv': lines('answer,size', 'many,1', 'few,2', '3,3', 'many,4', 'few,5', 'none,6'),
    'half-numbers.csv': lines('seat,size', '12,1', 'A,2', '14,3', 'B,4'),
    'stray-blank.csv': lines('size,kind', ' 1,fir', '2 , oak', '3,fir'),
    # Whole tasks.
    'labels.csv': lines('size,red,round,sweet', *(f'{i}.5,{int(i % 2 == 0)},{int(i > 5)},{int(i % 3 == 0)}' for i in range(12))),
    'labels-bools.csv': lines('size,red,round', *(f'{i}.5,{i % 2 == 0},{i > 5}' for i in range(12))),
    'labels-of-numbers.csv': lines('size,red,round', '1.5,1,0', '2.5,0,1', '3.5,2,1'),
    'wine-classes.csv': lines('alcohol,ash,cultivar', *(f'{11 + i % 3 + i / 20:.2f},{2 + i / 50:.2f},{1 + i % 3}' for i in range(18))),
    'constant.csv': lines('x,version,kind', '1,7,a', '2,7,b', '3,7,a', '4,7,b'),
    'constant-but-for-rounding.csv': lines('x,c,y', '1,0.3,2', '2,0.30000000000000004,4', '3,0.3,6'),
    'constant-text.csv': lines('x,site,kind', '1,north,a', '2,north,b', '3,north,a'),
    'category-in-last-row.csv': lines('x,kind', '1,a', '2,b', '3,a', '4,b', '5,a', '6,b', '7,c'),
    'one-class.csv': lines('x,kind', '1,a', '2,a', '3,a'),
    'all-missing.csv': lines('x,empty,y', '1,,2', '2,,4', '3,,6'),
    'german-prices.csv': b'\xef\xbb\xbf' + ('sep=;\r\n' + lines(
        'Artikel;Fläche;Preis;', 'Tisch;1,2;249,00;', 'Schrank;2,4;1.299,50;', 'Stuhl;0,25;89,90;', 'Bett;3,6;2.049,00;', end='\r\n')).encode(),
    'titanic.csv': lines(
        'PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Cabin,Embarked',
        '1,0,3,"Brown, Mr. Owen",male,22,7.25,,S',
        '2,1,1,"Cook, Mrs. Ann (Mary ""May"" Lee)",female,38,71.2833,C85,C',
        '3,1,3,"Day, Miss. Ida",female,,7.925,,S',
        '4,1,1,"Ford, Mrs. Eve",female,35,53.1,C123,S',
        '5,0,3,"Hill, Mr. Guy",male,35,8.05,,',
        '6,0,3,"King, Mr. Jim",male,,8.4583,,Q',
    ),
    # JSON lines.
    'records.jsonl': RECORDS,
    'records.ndjson': RECORDS.replace('\n', '\r\n'),
    'records.jsonl.gz': packed(RECORDS),
    'records-gzip-without-gz.jsonl': packed(RECORDS),
    'records-bom.jsonl': b'\xef\xbb\xbf' + RECORDS.encode(),
    'blank-lines.jsonl': '\n' + RECORDS.replace('\n', '\n\n'),
    'bools.jsonl': jsonl(*({'size': i, 'smoker': i % 2 == 0, 'kind': 'ab'[i % 2]} for i in range(6))),
    'bools-target.jsonl': jsonl(*({'size': i, 'ok': i > 2} for i in range(6))),
    'null.jsonl': jsonl({'size': 1, 'y': 2}, {'size': None, 'y': 4}, {'size': 3, 'y': 6}, {'size': 4, 'y': 8}),
    'missing-keys.jsonl': jsonl({'size': 1, 'y': 2}, {'y': 4}, {'size': 3, 'y': 6}, {'size': 4, 'y': 8}),
    'key-orders.jsonl': jsonl({'size': 1, 'weight': 10, 'y': 2}, {'y': 4, 'weight': 20, 'size': 2}, {'weight': 30, 'size': 3, 'y': 6}),
    'more-keys-later.jsonl': jsonl({'size': 1, 'y': 2}, {'size': 2, 'y': 4, 'note': 'late'}, {'size': 3, 'y': 6}),
    'nested.jsonl': jsonl({'size': {'width': 1}, 'y': 2}, {'size': {'width': 2}, 'y': 4}),
    'arrays.jsonl': jsonl({'size': [1, 2], 'y': 2}, {'size': [2, 3], 'y': 4}),
    'nested-unused.jsonl': jsonl({'x': 1, 'meta': {'a': None}, 'y': 2}, {'x': 2, 'meta': [], 'y': 4}, {'x': 3, 'y': 6}),
    'big-ids.jsonl': jsonl('{"id": 9007199254740993, "x": 1, "y": 2}', '{"id": 9007199254740995, "x": 2, "y": 4}'),
    'dates.jsonl': jsonl({'day': '2024-01-05T10:00:00.000Z', 'y': 2}, {'day': '2024-01-06T10:00:00.000Z', 'y': 4}, {'day': '2024-01-07', 'y': 6}),
    'numbers-as-texts.jsonl': jsonl({'size': '1', 'y': 2}, {'size': '2.5', 'y': 4}, {'size': '3', 'y': 6}),
    'mixed-kinds.jsonl': jsonl({'size': 1, 'y': 2}, {'size': 'big', 'y': 4}, {'size': 3, 'y': 6}),
    'mixed-bools.jsonl': jsonl({'flag': True, 'y': 2}, {'flag': 'maybe', 'y': 4}, {'flag': False, 'y': 6}),
    'NaN.jsonl': jsonl('{"size": 1, "y": 2}', '{"size": NaN, "y": 4}'),
    'array-of-records.json': json.dumps([{'size': 1, 'kind': 'fir'}, {'size': 2, 'kind': 'oak'}]) + '\n',
    'pretty.json': json.dumps({'size': 1, 'kind': 'fir'}, indent=2) + '\n',
    'arrays-as-rows.jsonl': jsonl('[1, 2]', '[2, 4]'),
    'names-with-dots.jsonl': jsonl({'a.b': 1, 'c, d': 2, 'y': 3}, {'a.b': 2, 'c, d': 3, 'y': 5}, {'a.b': 4, 'c, d': 1, 'y': 5}),
    'integer-classes.jsonl': jsonl(*({'x': i, 'class': i % 3} for i in range(9))),
}

if __name__ == '__main__':
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    for name, content in files.items():
        (FILES / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    print(f'{len(files)} files')
