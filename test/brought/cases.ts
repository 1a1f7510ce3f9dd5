/** Every file in test/brought/files, and what it must give. */
import {
  cannotLearn,
  fails,
  learns,
  reads,
  readsOrRefuses,
  refuses,
  runs,
  type Case,
  type Values,
} from './case.js'

const SEMICOLONS = 'fields are separated by ";"'
const BARS = 'fields are separated by "|"'
const TABS = String.raw`fields are separated by "\t"`
/** of recognised decimal commas and thousands */
const NUMERALS = /decimal|thousands/i
const nameless = (column: number): string => `column ${column} has no name and is left out`
/** of the first two columns, in one note or in two */
const namelessBoth = /^columns? (1\b|2\b|1\b.*\b2\b) ha(s|ve) no names? and (is|are) left out$/
/** of so many texts, the number or the word for one, that are marks of missing values among numbers */
const kept = (column: string, mark: string, count: number): RegExp =>
  new RegExp(`^(?=.*\\b${column}\\b)(?=.*${mark})(?=.*\\b${count === 1 ? '(1|one|a|is)' : count}\\b)`)

const note = (text: string): RegExp =>
  new RegExp(`^Note +${text.replace(/[\\|"]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`)}`, 'm')

const keep = { missing: 'keep' } as const
const drop = { missing: 'drop' } as const

const plain: Values[] = [
  ['size', [1, 2, 3]],
  ['weight', [2.5, 3.5, 4.5]],
  ['kind', ['fir', 'oak', 'fir']],
]
const umlauts: Values[] = [
  ['größe', [1, 2, 3]],
  ['straße', ['Mühlgasse', 'Domstraße', 'Hof']],
  ['art', ['Tür', 'Tür', 'Bänke']],
]
const kinds: Values[] = [
  ['size', [1, 2, 3]],
  ['kind', ['fir', 'oak', 'fir']],
]

const delimiters: Case[] = [
  {
    file: 'plain.csv',
    about: 'nothing is the matter with it, and nothing is noted',
    readings: [
      reads({}, plain),
      reads({ columns: ['kind', 'size'] }, [plain[0], plain[2]]),
      reads({ columns: (names) => names.filter((name) => name !== 'weight') }, [plain[0], plain[2]]),
      refuses(
        { columns: ['size', 'c'] },
        'columns: expected columns of the file (size, weight, kind), got c',
      ),
    ],
    models: [
      learns(
        { target: 'kind' },
        {
          inputs: [
            ['size', 'number'],
            ['weight', 'number'],
          ],
          outputs: [['kind', ['fir', 'oak']]],
        },
      ),
      learns(
        { target: 'kind', texts: ['size'] },
        {
          inputs: [
            ['size', ['1', '2', '3']],
            ['weight', 'number'],
          ],
        },
      ),
      learns(
        { target: 'kind', classes: ['ash', 'fir', 'oak'] },
        { outputs: [['kind', ['ash', 'fir', 'oak']]] },
      ),
    ],
    runs: [
      runs('--target kind', ['3 rows, 3 columns', 'kind, 2 classes: fir, oak'], { predict: [], rows: 3 }),
      fails('--target nope', '--target', 'size, weight, kind', 'nope'),
    ],
  },
  {
    file: 'semicolons.csv',
    about: 'a spreadsheet of a country with decimal commas, in which the numbers have points',
    readings: [reads({}, plain, { notes: [SEMICOLONS] }), reads({ delimiter: ';' }, plain)],
    models: [learns({ target: 'kind' })],
    runs: [
      runs('--target kind', [note(SEMICOLONS)], { predict: [], rows: 3 }),
      runs('--target kind', [note(SEMICOLONS)], { isPiped: true }),
    ],
  },
  {
    file: 'tabs.tsv',
    about: 'fields separated by tabs, named so',
    readings: [reads({}, plain, { notes: [TABS] })],
    runs: [runs('--target kind', ['kind, 2 classes'], { predict: [], rows: 3 })],
  },
  {
    file: 'tabs.txt',
    about: 'fields separated by tabs, as "Text (tab delimited)" saves them',
    readings: [reads({}, plain, { notes: [TABS] })],
    runs: [runs('--target kind', [/^Note +fields are separated by/m])],
  },
  {
    file: 'bars.csv',
    about: 'fields separated by bars',
    readings: [reads({}, plain, { notes: [BARS] })],
    runs: [runs('--target kind', [note(BARS)])],
  },
  {
    file: 'sep-line.csv',
    about: 'Excel is told of its delimiter in the first line',
    readings: [reads({}, plain, { notes: [SEMICOLONS] }), reads({ delimiter: ';' }, plain)],
    runs: [runs('--target kind --features size,weight', ['numbers: size, weight'])],
  },
  {
    file: 'sep-line-comma.csv',
    about: 'the first line tells of commas',
    readings: [reads({}, plain), reads({ delimiter: ',' }, plain)],
  },
  {
    file: 'sep-line-quoted.csv',
    about: 'the first line tells of tabs, in quotes as Excel saves it',
    readings: [reads({}, plain, { notes: [TABS] })],
  },
  {
    file: 'semicolons-with-commas.csv',
    about: 'commas in some texts between semicolons',
    readings: [
      reads(
        {},
        [
          ['name', ['fir', 'oak', 'elm']],
          ['note', ['tall, green', 'old, and wide', 'gone']],
          ['size', [1, 2, 3]],
        ],
        { notes: [SEMICOLONS] },
      ),
    ],
  },
  {
    file: 'commas-with-semicolons.csv',
    about: 'semicolons in some texts between commas',
    readings: [
      reads({}, [
        ['name', ['fir', 'oak', 'elm']],
        ['note', ['tall; green', 'old; and wide', 'gone']],
        ['size', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'quoted-semicolons.csv',
    about: 'more semicolons than commas, all in quotes',
    readings: [
      reads({}, [
        ['name', ['fir', 'oak']],
        ['note', ['a;b;c', 'd;e;f']],
      ]),
    ],
  },
  {
    file: 'trailing-delimiter.csv',
    about: 'every line ends with a delimiter',
    readings: [reads({}, plain, { notes: [nameless(4)] })],
    models: [learns({ target: 'kind' })],
    runs: [runs('--target kind', [note(nameless(4)), 'numbers: size, weight'], { predict: [], rows: 3 })],
  },
  {
    file: 'trailing-semicolon.csv',
    about: 'the same with semicolons',
    readings: [
      reads(
        {},
        [
          ['size', [1, 2]],
          ['kind', ['fir', 'oak']],
        ],
        { notes: [SEMICOLONS, nameless(3)] },
      ),
    ],
  },
  {
    file: 'trailing-in-rows-only.csv',
    about: 'every line but the first ends with a delimiter',
    readings: [refuses({}, 'line 2: expected 2 fields, got 3')],
    runs: [fails('--target kind', 'line 2: expected 2 fields, got 3')],
  },
  {
    file: 'spaces.txt',
    about: 'blanks between fields, which are never guessed',
    readings: [
      reads({ delimiter: ' ' }, [
        ['size', [1, 2]],
        ['kind', ['fir', 'oak']],
      ]),
    ],
    runs: [runs(['--target', 'kind', '--delimiter', ' '])],
  },
]

const german: Values[] = [
  ['Breite', [3.5, 0.25, 12]],
  ['Preis', [1234.56, 99.9, 12000]],
  ['Farbe', ['rot', 'blau', 'rot']],
]
const prix: Values[] = [
  ['prix', [1234.56, 99.9, 12000]],
  ['couleur', ['rouge', 'bleu', 'rouge']],
]
const prixOfTwo: Values[] = prix.map(([name, values]) => [name, values.slice(0, 2)])
const swiss: Values[] = [
  ['preis', [1234.5, 99.9, 1000000.05]],
  ['farbe', ['rot', 'blau', 'rot']],
]
const swissOfTwo: Values[] = swiss.map(([name, values]) => [name, values.slice(0, 2)])
const doubtful = (values: readonly number[]): Values[] => [
  ['item', ['chair', 'table', 'lamp']],
  ['price', values],
]

const numerals: Case[] = [
  {
    file: 'german-decimals.csv',
    about: 'decimal commas and points between thousands',
    readings: [
      reads({}, german, { notes: [SEMICOLONS, NUMERALS] }),
      reads({ delimiter: ';', decimal: ',', thousands: '.' }, german),
    ],
    models: [
      learns({ target: 'Preis' }, { outputs: [['Preis', 'number']] }),
      learns({ target: 'Farbe' }, { outputs: [['Farbe', ['blau', 'rot']]] }),
    ],
    runs: [
      runs('--target Preis', ['Preis, a number', note(SEMICOLONS)], { predict: [], rows: 3 }),
      runs('--target Preis --delimiter ; --decimal , --thousands .', ['Preis, a number']),
    ],
  },
  {
    file: 'german-thousands.csv',
    about: '1.234 is 1234, as other columns have decimal commas',
    readings: [
      reads(
        {},
        [
          ['Menge', [1234, 2500, 12]],
          ['Preis', [3.5, 4.75, 1.25]],
        ],
        { notes: [SEMICOLONS, NUMERALS] },
      ),
    ],
  },
  {
    file: 'german-quoted.csv',
    about: 'decimal commas in quotes, between commas',
    readings: [
      reads(
        {},
        [
          ['Preis', [3.5, 4.25]],
          ['Farbe', ['rot', 'blau']],
        ],
        { notes: [NUMERALS] },
      ),
    ],
  },
  {
    file: 'french-decimals.csv',
    about: 'thousands with blanks that break no line',
    readings: [
      reads({ decimal: ',', thousands: ' ' }, prix, { notes: [SEMICOLONS] }),
      readsOrRefuses(prix, [/column prix/, /thousands/], [SEMICOLONS, NUMERALS]),
    ],
    runs: [runs(['--target', 'prix', '--decimal', ',', '--thousands', ' '], ['prix, a number'])],
  },
  {
    file: 'french-narrow-spaces.csv',
    about: 'thousands with narrow blanks',
    readings: [
      reads({ decimal: ',', thousands: ' ' }, prixOfTwo, { notes: [SEMICOLONS] }),
      readsOrRefuses(prixOfTwo, [/column prix/, /thousands/], [SEMICOLONS, NUMERALS]),
    ],
  },
  {
    file: 'french-plain-spaces.csv',
    about: 'thousands with plain blanks',
    readings: [
      reads({ decimal: ',', thousands: ' ' }, prixOfTwo, { notes: [SEMICOLONS] }),
      readsOrRefuses(prixOfTwo, [/column prix/, /thousands/], [SEMICOLONS, NUMERALS]),
    ],
  },
  {
    file: 'swiss-apostrophes.csv',
    about: 'apostrophes between thousands',
    readings: [
      reads({ thousands: "'" }, swiss, { notes: [SEMICOLONS] }),
      readsOrRefuses(swiss, [/column preis/, /thousands/], [SEMICOLONS, NUMERALS]),
    ],
    runs: [runs(['--target', 'preis', '--thousands', "'"], ['preis, a number'])],
  },
  {
    file: 'swiss-curly-apostrophes.csv',
    about: 'the same with the apostrophes of typography',
    readings: [
      reads({ thousands: "'" }, swissOfTwo, { notes: [SEMICOLONS] }),
      readsOrRefuses(swissOfTwo, [/column preis/, /thousands/], [SEMICOLONS, NUMERALS]),
    ],
  },
  {
    file: 'english-thousands.csv',
    about: 'commas between thousands, in quotes',
    readings: [
      reads({}, doubtful([1234.5, 12000.25, 99.9]), { notes: [NUMERALS] }),
      reads({ thousands: ',' }, doubtful([1234.5, 12000.25, 99.9])),
    ],
    runs: [runs('--target price', ['price, a number'], { predict: [], rows: 3 })],
  },
  {
    file: 'millions.csv',
    about: 'two commas in a number are thousands',
    readings: [
      reads(
        {},
        [
          ['city', ['A', 'B', 'C']],
          ['people', [1234567, 12000000, 987654]],
        ],
        { notes: [NUMERALS] },
      ),
    ],
  },
  {
    file: 'indian-lakhs.csv',
    about: 'groups of two digits are no thousands that can be read',
    readings: [
      refuses({ thousands: ',', kinds: { price: 'number' } }, /^line 2, column price: expected a number/),
    ],
  },
  {
    file: 'doubtful-thousands.csv',
    about: '1,234 alone is either',
    readings: [
      refuses({}, [/^line 2, column price: /, /"1,234"/, /decimal/, /thousands/]),
      reads({ decimal: ',' }, doubtful([1.234, 2.5, 3.125])),
      reads({ thousands: ',' }, doubtful([1234, 2500, 3125])),
      reads({ kinds: { price: 'text' } }, [
        ['item', ['chair', 'table', 'lamp']],
        ['price', ['1,234', '2,500', '3,125']],
      ]),
    ],
    runs: [
      fails('--target price', /line 2, column price: /, /--decimal/, /--thousands/),
      runs('--target price --thousands ,', ['price, a number'], { predict: ['--thousands', ','], rows: 3 }),
    ],
  },
  {
    file: 'decimals-mixed.csv',
    about: 'points in one column and commas in the other',
    readings: [
      refuses({}, [/^line 2, column a: /, /"3,5"/, /decimal/]),
      reads(
        { kinds: { a: 'text' } },
        [
          ['a', ['3,5', '4,25', '5,125']],
          ['b', [3.5, 4.25, 6.5]],
        ],
        { notes: [SEMICOLONS] },
      ),
      reads({ columns: ['b'] }, [['b', [3.5, 4.25, 6.5]]], { notes: [SEMICOLONS] }),
    ],
    runs: [fails('--target a', /line 2, column a: /, /--decimal/)],
  },
  {
    file: 'decimal-commas-in-tabs.txt',
    about: 'as many commas as tabs, in the numbers',
    readings: [
      reads(
        {},
        [
          ['x', [0.5, 1.5, 2.5]],
          ['y', [1.25, 2.25, 3.25]],
        ],
        { notes: [TABS, NUMERALS] },
      ),
    ],
  },
  {
    file: 'signs.csv',
    about: 'signs, bare points and exponents',
    readings: [
      reads({}, [
        ['x', [1.5, 0.5, 1000]],
        ['y', [-2, 2, -0.015]],
      ]),
    ],
  },
  {
    file: 'minus-german.csv',
    about: 'signs before decimal commas',
    readings: [
      reads(
        {},
        [
          ['x', [-3.5, -1234.25, 0.5]],
          ['y', [1, 2, 3]],
        ],
        { notes: [SEMICOLONS, NUMERALS] },
      ),
    ],
  },
  {
    file: 'versions.csv',
    about: 'versions have two points and are no numbers',
    readings: [
      reads(
        {},
        [
          ['version', ['1.2.3', '1.10.0', '2.0.1']],
          ['size', [1, 2, 3]],
        ],
        { notes: [SEMICOLONS] },
      ),
    ],
  },
  {
    file: 'percent.csv',
    about: 'percent signs behind numbers',
    readings: [
      refuses({}, [/^line 2, column share: /, /"12 %"/, /kinds: \{ share: 'text' \}/]),
      reads({ kinds: { share: 'text' } }, [
        ['share', ['12 %', '12.5%', '7 %']],
        ['kind', ['a', 'b', 'a']],
      ]),
    ],
    runs: [
      fails('--target share', /line 2, column share: /, /--texts share/),
      runs('--target kind --texts share', ['texts: share']),
    ],
  },
  {
    file: 'currency-dollar.csv',
    about: 'dollar signs before numbers',
    readings: [
      refuses({}, [/^line 2, column price: /, /"\$1,234\.00"/, /kinds: \{ price: 'text' \}/]),
      reads({ columns: ['kind'] }, [['kind', ['a', 'b', 'a']]]),
    ],
  },
  {
    file: 'currency-euro.csv',
    about: 'euro signs behind numbers with decimal commas',
    readings: [refuses({}, [/^line 2, column Preis: /, /"3,50 €"/])],
    runs: [fails('--target Preis', /line 2, column Preis: /, /--texts Preis/)],
  },
  {
    file: 'units.csv',
    about: 'units behind numbers',
    readings: [refuses({}, [/^line 2, column weight: /, /"12 kg"/, /kinds: \{ weight: 'text' \}/])],
  },
]

const bytes: Case[] = [
  {
    file: 'utf8-bom.csv',
    about: 'a byte order mark of UTF-8, as "CSV UTF-8" has it',
    readings: [reads({}, umlauts)],
    models: [learns({ target: 'art' }, { outputs: [['art', ['Bänke', 'Tür']]] })],
    runs: [
      runs(['--target', 'art', '--ignore', 'straße'], ['numbers: größe', 'Bänke, Tür'], {
        predict: [],
        rows: 3,
      }),
    ],
  },
  {
    file: 'utf16le-bom.csv',
    about: 'UTF-16, as Windows writes it',
    readings: [reads({}, umlauts)],
    runs: [runs(['--target', 'art', '--ignore', 'straße'], ['Bänke, Tür'], { predict: [], rows: 3 })],
  },
  { file: 'utf16be-bom.csv', about: 'UTF-16 of the other order', readings: [reads({}, umlauts)] },
  {
    file: 'utf16le-tabs.txt',
    about: 'what Excel calls Unicode text',
    readings: [reads({}, umlauts, { notes: [TABS] })],
    runs: [runs('--target art', ['Bänke, Tür'])],
  },
  {
    file: 'utf16le-no-bom.csv',
    about: 'UTF-16 without a mark',
    readings: [reads({ encoding: 'utf-16le' }, umlauts), refuses({}, /UTF-16|utf-16|encoding/)],
    runs: [runs('--target art --encoding utf-16le', ['Bänke, Tür'])],
  },
  {
    file: 'latin1.csv',
    about: 'Latin-1, as older programs write it',
    readings: [
      refuses({}, [/^line 1, column 1: expected UTF-8, got /, /encoding: 'latin1'/]),
      reads({ encoding: 'latin1' }, umlauts),
    ],
    runs: [
      fails('--target art', /line 1, column 1: expected UTF-8, got /, /--encoding latin1/),
      runs('--target art --encoding latin1', ['Bänke, Tür'], { predict: ['--encoding', 'latin1'], rows: 3 }),
      fails('--target art --encoding latin-17', /--encoding/, /latin-17/),
    ],
  },
  {
    file: 'windows-1252.csv',
    about: 'German Excel saves "CSV" so: with euro signs',
    readings: [
      reads(
        { encoding: 'windows-1252' },
        [
          ['Preis', [3.5, 4.25, 1.5]],
          ['Währung', ['€', '€', '£']],
        ],
        { notes: [SEMICOLONS, NUMERALS] },
      ),
    ],
  },
  {
    file: 'crlf.csv',
    about: 'line ends of Windows',
    readings: [reads({}, plain)],
    runs: [runs('--target kind', ['fir, oak'], { predict: [], rows: 3 })],
  },
  {
    file: 'mac-cr.csv',
    about: 'line ends of an old Mac, which are refused',
    readings: [refuses({}, [/^line 1, /, /carriage return/])],
    runs: [fails('--target kind', /line 1, /, /carriage return/)],
  },
  { file: 'no-last-line-end.csv', about: 'no line end behind the last line', readings: [reads({}, plain)] },
  {
    file: 'gzip.csv.gz',
    about: 'gzip, named so',
    readings: [reads({}, plain)],
    runs: [
      runs('--target kind', ['fir, oak'], { predict: [], rows: 3 }),
      runs('--target kind', ['fir, oak'], { isPiped: true }),
    ],
  },
  {
    file: 'gzip-without-gz.csv',
    about: 'gzip under another name, with semicolons',
    readings: [reads({}, plain, { notes: [SEMICOLONS] })],
    runs: [runs('--target kind', [note(SEMICOLONS), 'fir, oak'], { predict: [], rows: 3 })],
  },
  {
    file: 'gzip-cut.csv.gz',
    about: 'gzip that a transfer has cut',
    readings: [refuses({}, /gzip|compressed/i)],
    runs: [fails('--target kind', /gzip-cut\.csv\.gz: .*(gzip|compressed)/i)],
  },
  {
    file: 'zip.csv.zip',
    about: 'CSV in a zip',
    readings: [refuses({}, [/zip/i, /CSV/])],
    runs: [fails('--target kind', /zip/i, /CSV/)],
  },
  {
    file: 'workbook.xlsx',
    about: 'a workbook',
    readings: [refuses({}, [/xlsx|workbook|spreadsheet/i, /CSV/])],
    runs: [fails('--target kind', /xlsx|workbook|spreadsheet/i, /CSV/)],
  },
  {
    file: 'workbook-named.csv',
    about: 'a workbook that was renamed',
    readings: [refuses({}, [/xlsx|workbook|spreadsheet/i, /CSV/])],
    runs: [fails('--target kind', /xlsx|workbook|spreadsheet/i, /CSV/)],
  },
  {
    file: 'workbook-old.xls',
    about: 'a workbook of before 2007',
    readings: [refuses({}, [/xls|workbook|spreadsheet/i, /CSV/])],
    runs: [fails('--target kind', /xls|workbook|spreadsheet/i, /CSV/)],
  },
  {
    file: 'frame.parquet',
    about: 'Parquet',
    readings: [refuses({}, [/parquet/i, /CSV/])],
    runs: [fails('--target kind', /Parquet/, /CSV/)],
  },
]

const firs: Values[] = [
  ['size', [1, 2]],
  ['kind', ['fir', 'oak']],
]
const quotedNames: Values[] = [
  ['height, cm', [1, 2, 3]],
  ['the "best"', [2, 3, 4]],
  ['a.b', [3, 4, 6]],
  ['my column', [4, 6, 8]],
  ['kind', ['fir', 'oak', 'fir']],
]

const lines: Case[] = [
  {
    file: 'blank-lines.csv',
    about: 'lines without anything, before, between and behind',
    readings: [reads({}, kinds)],
    runs: [runs('--target kind', [': 3 rows'])],
  },
  {
    file: 'blank-rows.csv',
    about: 'rows that were emptied in a spreadsheet',
    readings: [
      refuses({}, /^line 3, column size: expected a value, got "", a missing one/),
      reads(
        drop,
        [
          ['size', [1, 3]],
          ['kind', ['fir', 'oak']],
        ],
        { numbers: [1, 3] },
      ),
      reads(keep, [
        ['size', [1, NaN, 3, NaN, NaN]],
        ['kind', ['fir', '', 'oak', '', '']],
      ]),
    ],
    runs: [
      fails('--target kind', /line 3, column size: /, /--missing/),
      runs('--target kind --missing drop', [': 2 rows']),
    ],
  },
  {
    file: 'quoted-names.csv',
    about: 'names with commas, quotes, points and blanks',
    readings: [
      reads({}, quotedNames),
      reads({ columns: ['height, cm', 'the "best"'] }, quotedNames.slice(0, 2)),
      reads({ kinds: { 'a.b': 'text' }, columns: ['a.b'] }, [['a.b', ['3', '4', '6']]]),
    ],
    models: [learns({ target: 'the "best"', features: ['height, cm', 'a.b'] })],
    runs: [
      runs(['--target', 'kind', '--features', '"height, cm",a.b'], ['numbers: height, cm, a.b'], {
        predict: [],
        rows: 3,
      }),
      runs(['--target', 'kind', '--features', 'height, cm'], ['numbers: height, cm\n']),
      runs(['--target', 'height, cm', '--ignore', '"the ""best""",kind,my column'], ['numbers: a.b\n']),
      runs(['--target', 'the "best"', '--features', 'my column'], ['the "best", a number']),
      runs(
        ['--target', 'kind', '--texts', '"height, cm",a.b', '--ignore', 'my column'],
        ['texts: height, cm, a.b'],
      ),
      fails(['--target', 'kind', '--features', 'height'], '--features', 'got height'),
    ],
  },
  {
    file: 'name-of-many-lines.csv',
    about: 'a name with a line break in it',
    readings: [
      reads({}, [
        ['height\nin cm', [1, 2]],
        ['kind', ['fir', 'oak']],
      ]),
    ],
    runs: [runs('--target kind', ['height·in cm'])],
  },
  {
    file: 'quoted-all.csv',
    about: 'every field in quotes',
    readings: [
      reads({}, [
        ['size', [1, 2.5]],
        ['kind', ['fir', 'oak']],
      ]),
    ],
  },
  {
    file: 'line-breaks-in-texts.csv',
    about: 'line breaks, quotes and commas in texts',
    readings: [
      reads({}, [
        ['note', ['one\ntwo', 'say "hi"', 'a,b']],
        ['size', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'names-twice.csv',
    about: 'two columns of one name',
    readings: [
      refuses({}, 'line 1: expected columns of different names, got a twice'),
      reads({ columns: ['b', 'y'] }, [
        ['b', [2, 5]],
        ['y', ['p', 'q']],
      ]),
    ],
    runs: [
      fails('--target y', 'line 1: expected columns of different names, got a twice'),
      runs('--target y --features b', ['numbers: b\n'], { predict: [], rows: 2 }),
      runs('--target y --ignore a', ['numbers: b\n']),
    ],
  },
  {
    file: 'nameless-twice.csv',
    about: 'two columns without names',
    readings: [reads({}, firs, { notes: [namelessBoth] })],
    runs: [runs('--target kind', ['numbers: size\n'], { predict: [], rows: 2 })],
  },
  {
    file: 'names-of-other-scripts.csv',
    about: 'names and texts of other scripts',
    readings: [
      reads({}, [
        ['高さ', [1, 2]],
        ['возраст', [2, 3]],
        ['🙂', ['да', 'нет']],
      ]),
    ],
    runs: [runs(['--target', '🙂', '--features', '高さ'], ['numbers: 高さ', 'да, нет'])],
  },
  {
    file: 'years-as-names.csv',
    about: 'years for names',
    readings: [
      reads({}, [
        ['country', ['Chad', 'Peru']],
        ['2020', [1, 3]],
        ['2021', [2, 4]],
      ]),
    ],
    models: [learns({ target: '2021' })],
    runs: [runs('--target 2021', ['2021, a number'])],
  },
  {
    file: 'proto-names.csv',
    about: 'names that objects have already',
    readings: [
      reads({}, [
        ['__proto__', [1, 2]],
        ['constructor', [2, 3]],
        ['kind', ['fir', 'oak']],
      ]),
    ],
    models: [learns({ target: 'kind' })],
    runs: [runs('--target kind', ['numbers: __proto__, constructor'], { predict: [], rows: 2 })],
  },
  {
    file: 'ragged.csv',
    about: 'a line that is too short',
    readings: [refuses({}, 'line 3: expected 3 fields, got 2')],
  },
  {
    file: 'open-quote.csv',
    about: 'a quote that nothing closes',
    readings: [refuses({}, 'line 2, column b: expected a closing quote, got the end')],
  },
  {
    file: 'no-header.csv',
    about: 'no line of names',
    readings: [
      reads({ header: false }, [
        ['1', [5.1, 7, 6.3]],
        ['2', [3.5, 3.2, 3.3]],
        ['3', ['setosa', 'versicolor', 'virginica']],
      ]),
    ],
    models: [learns({ target: '3' })],
  },
  {
    file: 'one-column.csv',
    about: 'one column',
    readings: [reads({}, [['x', [1, 2, 3]]])],
    models: [cannotLearn({ target: 'x' }, /expected at least 1/)],
    runs: [fails('--target x', /expected at least 1/)],
  },
  {
    file: 'one-row.csv',
    about: 'one row',
    readings: [
      reads({}, [
        ['x', [1]],
        ['y', [2]],
      ]),
    ],
    models: [learns({ target: 'y' })],
    runs: [runs('--target y', [': 1 row'])],
  },
  {
    file: 'empty.csv',
    about: 'no byte',
    readings: [refuses({}, 'source: expected a line with the names of the columns, got none')],
    runs: [fails('--target x', 'empty.csv: expected a line with the names of the columns, got none')],
  },
  {
    file: 'blank.csv',
    about: 'line ends alone',
    readings: [refuses({}, 'source: expected a line with the names of the columns, got none')],
  },
  {
    file: 'names-only.csv',
    about: 'names and no row',
    readings: [
      reads({}, [
        ['size', []],
        ['kind', []],
      ]),
    ],
    models: [cannotLearn({ target: 'kind' }, 'data: expected at least 1 row, got 0')],
    runs: [fails('--target kind', 'names-only.csv: expected at least 1 row, got 0')],
  },
]

const pandas: Case[] = [
  {
    file: 'pandas-index.csv',
    about: 'df.to_csv() with its index',
    readings: [
      reads({}, kinds, { notes: [nameless(1)] }),
      reads({ columns: ['', 'kind'] }, [['', [0, 1, 2]], kinds[1]]),
      reads({ columns: (names) => names.slice(1) }, kinds),
    ],
    models: [learns({ target: 'kind' }, { inputs: [['size', 'number']] })],
    runs: [runs('--target kind', [note(nameless(1)), 'numbers: size\n'], { predict: [], rows: 3 })],
  },
  {
    file: 'pandas-nan.csv',
    about: 'df.to_csv() with its index, and gaps',
    readings: [
      reads(
        keep,
        [
          ['size', [1, NaN, 3, 4]],
          ['kind', ['fir', 'oak', '', 'fir']],
        ],
        { notes: [nameless(1)] },
      ),
      refuses({}, /^line 3, column size: expected a value, got "", a missing one/),
      reads(
        drop,
        [
          ['size', [1, 4]],
          ['kind', ['fir', 'fir']],
        ],
        { notes: [nameless(1)], numbers: [1, 4] },
      ),
      reads({ missing: -1, columns: ['size'] }, [['size', [1, -1, 3, 4]]]),
    ],
    models: [
      cannotLearn({ target: 'kind' }, /^row 2, column size: expected a value, got NaN, a missing one/),
    ],
    runs: [
      fails('--target size', /line 3, column size: expected a value, got "", a missing one/, /--missing/),
      runs('--target size --missing drop', [': 2 rows']),
    ],
  },
  {
    file: 'pandas-nan-rep.csv',
    about: 'to_csv(na_rep="NaN")',
    readings: [
      reads(keep, [
        ['size', [1, NaN, 3, NaN]],
        ['kind', ['fir', 'oak', '', 'fir']],
      ]),
    ],
  },
  {
    file: 'pandas-bools.csv',
    about: 'True and False, which are booleans to a model',
    readings: [
      reads({}, [
        ['smoker', ['True', 'False', 'True', 'False']],
        ['age', [30, 41, 52, 63]],
        ['survived', ['False', 'True', 'False', 'True']],
      ]),
    ],
    models: [
      learns(
        { target: 'survived' },
        {
          inputs: [
            ['smoker', [false, true]],
            ['age', 'number'],
          ],
          outputs: [['survived', [false, true]]],
        },
      ),
    ],
    runs: [runs('--target survived', ['survived, 2 classes: false, true'], { predict: [], rows: 4 })],
  },
  {
    file: 'pandas-bools-gaps.csv',
    about: 'booleans with a gap',
    readings: [
      reads(keep, [
        ['smoker', ['True', '', 'False']],
        ['age', [30, 41, 52]],
      ]),
    ],
    runs: [
      fails('--target age', /line 3, column smoker: expected a value/),
      runs('--target age --missing drop', [': 2 rows']),
    ],
  },
  {
    file: 'bools-mixed-case.csv',
    about: 'booleans as several programs write them',
    readings: [
      reads({}, [
        ['flag', ['true', 'FALSE', 'True']],
        ['size', [1, 2, 3]],
      ]),
    ],
    models: [
      learns({ target: 'flag' }, { outputs: [['flag', [false, true]]] }),
      learns({ target: 'size' }, { inputs: [['flag', [false, true]]] }),
    ],
    runs: [runs('--target size', [], { predict: [], rows: 3 })],
  },
  {
    file: 'pandas-dates.csv',
    about: 'dates are no categories',
    readings: [
      reads({}, [
        ['day', ['2024-01-05', '2024-01-06', '2024-02-07']],
        ['size', [1, 2, 3]],
      ]),
    ],
    models: [cannotLearn({ target: 'size' }, [/column day/, /"2024-01-05"/, /date/i])],
    runs: [fails('--target size', /column day/, /"2024-01-05"/, /date/i)],
  },
  {
    file: 'pandas-datetimes.csv',
    about: 'dates with times',
    readings: [
      reads({ columns: ['at'] }, [
        ['at', ['2024-01-05 10:00:00', '2024-01-05T11:30:00Z', '2024-01-05 12:00:00.125000']],
      ]),
      reads({}, [
        ['at', ['2024-01-05 10:00:00', '2024-01-05T11:30:00Z', '2024-01-05 12:00:00.125000']],
        ['size', [1, 2, 3]],
      ]),
    ],
    runs: [fails('--target size', /column at/, /date/i)],
  },
  {
    file: 'german-dates.csv',
    about: 'dates with points, which are no numbers',
    readings: [
      reads(
        {},
        [
          ['Tag', ['5.1.2024', '06.01.2024', '7.2.2024']],
          ['Menge', [1, 2, 3]],
        ],
        { notes: [SEMICOLONS] },
      ),
    ],
    models: [cannotLearn({ target: 'Menge' }, [/column Tag/, /date/i])],
  },
  {
    file: 'us-dates.csv',
    about: 'dates with slashes',
    readings: [
      reads({}, [
        ['at', ['01/05/2024 10:00', '1/6/2024 11:30', '12/31/2024 12:00']],
        ['size', [1, 2, 3]],
      ]),
    ],
    models: [
      cannotLearn({ target: 'size' }, [/column at/, /date/i]),
      cannotLearn({ target: 'at' }, [/column at/, /date/i]),
    ],
  },
  {
    file: 'pandas-big-ids.csv',
    about: 'int64 beyond 2⁵³',
    readings: [
      refuses({}, [
        /^line 3, column id: expected an integer that a number has exactly, got "9007199254740993"; /,
        /kinds: \{ id: 'text' \}/,
      ]),
      reads({ kinds: { id: 'text' } }, [
        ['id', ['9007199254740991', '9007199254740993', '9007199254740995']],
        ['size', [1, 2, 3]],
      ]),
      reads({ columns: ['size'] }, [['size', [1, 2, 3]]]),
    ],
    runs: [
      fails('--target size', /line 3, column id: /, /"9007199254740993"/, /--texts id/),
      runs('--target size --texts id', ['texts: id']),
    ],
  },
  {
    file: 'big-ids-negative.csv',
    about: 'the same below zero; −2⁵³ is exact',
    readings: [
      refuses(
        {},
        /^line 2, column id: expected an integer that a number has exactly, got "-9007199254740993"; /,
      ),
    ],
  },
  {
    file: 'big-floats.csv',
    about: 'large numbers with points or exponents are rounded as ever',
    readings: [
      reads({}, [
        ['x', [9007199254740992, 1e300]],
        ['y', [1, 2]],
      ]),
    ],
  },
  {
    file: 'pandas-categorical.csv',
    about: 'a categorical',
    readings: [
      reads({}, [
        ['grade', ['low', 'high', 'medium', 'low']],
        ['size', [1, 2, 3, 4]],
      ]),
    ],
    models: [learns({ target: 'grade' }, { outputs: [['grade', ['high', 'low', 'medium']]] })],
  },
  {
    file: 'pandas-multiindex.csv',
    about: 'an index of two levels',
    readings: [reads({}, [['size', [1, 2, 3]]], { notes: [namelessBoth] })],
  },
  {
    file: 'pandas-timedelta.csv',
    about: 'spans of time',
    readings: [
      reads({}, [
        ['took', ['0 days 00:01:30', '1 days 02:00:00']],
        ['size', [1, 2]],
      ]),
    ],
  },
]

const r: Case[] = [
  {
    file: 'r-rownames.csv',
    about: 'write.csv() with its row names',
    readings: [
      reads(
        {},
        [
          ['size', [5.1, 4.9]],
          ['kind', ['fir', 'oak']],
        ],
        { notes: [nameless(1)] },
      ),
    ],
    runs: [runs('--target kind', [note(nameless(1))], { predict: [], rows: 2 })],
  },
  {
    file: 'r-na.csv',
    about: 'NA is missing among numbers, and a text among texts',
    readings: [
      reads(
        keep,
        [
          ['size', [5.1, NaN, 4.7, 4.6]],
          ['kind', ['fir', 'oak', 'NA', 'fir']],
        ],
        { notes: [kept('kind', 'NA', 1)] },
      ),
      reads({ ...keep, missingValues: ['NA'] }, [
        ['size', [5.1, NaN, 4.7, 4.6]],
        ['kind', ['fir', 'oak', '', 'fir']],
      ]),
    ],
    runs: [
      fails('--target kind', /line 3, column size: expected a value, got "NA", a missing one/, /--missing/),
      runs('--target kind --missing drop', [': 3 rows', /^Note/m]),
      runs('--target size --missing drop --missing-values NA', [': 2 rows']),
    ],
  },
  {
    file: 'r-na-quoted.csv',
    about: 'NA in quotes',
    readings: [
      reads(
        keep,
        [
          ['size', [5.1, NaN, 4.7]],
          ['kind', ['fir', 'NA', 'fir']],
        ],
        { notes: [kept('kind', 'NA', 1)] },
      ),
    ],
  },
  {
    file: 'r-write-table.txt',
    about: 'write.table(): one name fewer than columns',
    readings: [refuses({ delimiter: ' ' }, 'line 2: expected 2 fields, got 3')],
  },
  {
    file: 'r-csv2.csv',
    about: 'write.csv2(): semicolons and decimal commas',
    readings: [
      reads(
        {},
        [
          ['size', [5.1, 4.9, 4.7]],
          ['kind', ['fir', 'oak', 'NA']],
        ],
        { notes: [SEMICOLONS, NUMERALS, nameless(1), kept('kind', 'NA', 1)] },
      ),
    ],
    runs: [runs('--target kind', ['numbers: size\n', '3 classes: NA, fir, oak'])],
  },
  {
    file: 'r-logicals.csv',
    about: 'TRUE, FALSE and NA',
    readings: [
      reads(
        keep,
        [
          ['flag', ['TRUE', 'FALSE', 'NA']],
          ['size', [1, 2, 3]],
        ],
        { notes: [kept('flag', 'NA', 1)] },
      ),
      reads({ ...drop, missingValues: ['NA'] }, [
        ['flag', ['TRUE', 'FALSE']],
        ['size', [1, 2]],
      ]),
    ],
  },
]

const markedTexts = ['a', '', '', '', '', '', '', '', 'NA', 'None', '-', '--', 'b']

const marks: Case[] = [
  {
    file: 'sql-null.csv',
    about: 'NULL of a database',
    readings: [
      reads(keep, [
        ['id', [1, 2, 3]],
        ['name', ['fir', '', 'oak']],
        ['size', [2.5, NaN, 3.5]],
      ]),
      refuses({}, /^line 3, column name: expected a value, got "NULL", a missing one/),
      reads(
        drop,
        [
          ['id', [1, 3]],
          ['name', ['fir', 'oak']],
          ['size', [2.5, 3.5]],
        ],
        { numbers: [1, 3] },
      ),
    ],
    runs: [runs('--target size --missing drop', [': 2 rows', 'size, a number'])],
  },
  {
    file: 'sql-backslash-n.tsv',
    about: String.raw`\N of MySQL and PostgreSQL, which has to be said`,
    readings: [
      refuses({}, [
        /^line 3, column size: expected a number, as in 3 of 4 rows, got "\\\\N"; missingValues: \['\\\\N'\]/,
      ]),
      reads(
        { ...keep, missingValues: [String.raw`\N`] },
        [
          ['id', [1, 2, 3, 4]],
          ['size', [2.5, NaN, 3.5, 4.5]],
        ],
        { notes: [TABS] },
      ),
    ],
    runs: [
      fails('--target size', /line 3, column size: /, /--missing-values/),
      runs(String.raw`--target size --missing-values \N --missing drop`, [': 3 rows']),
    ],
  },
  {
    file: 'sql-none.csv',
    about: 'None of Python among numbers',
    readings: [
      reads(keep, [
        ['size', [1.5, NaN, 2.5]],
        ['kind', ['fir', 'oak', 'fir']],
      ]),
      refuses({}, /^line 3, column size: expected a value, got "None", a missing one/),
    ],
  },
  {
    file: 'excel-errors.csv',
    about: 'errors of a spreadsheet are missing values',
    readings: [
      reads(keep, [
        ['ratio', [0.5, NaN, NaN, NaN, 2.5]],
        ['kind', ['fir', 'oak', 'fir', 'oak', '']],
      ]),
      reads(drop, [
        ['ratio', [0.5]],
        ['kind', ['fir']],
      ]),
      refuses({}, /^line 3, column ratio: expected a value, got "#DIV\/0!", a missing one/),
    ],
  },
  {
    file: 'excel-errors-all.csv',
    about: 'the other errors of a spreadsheet',
    readings: [reads(keep, [['x', [1, NaN, NaN, NaN, NaN]]])],
  },
  {
    file: 'marks-of-both-kinds.csv',
    about: 'every mark among numbers; some of them are texts among texts',
    readings: [
      reads(
        keep,
        [
          ['n', [1, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, 2]],
          ['t', markedTexts],
        ],
        { notes: [/\bcolumn t\b/] },
      ),
      reads({ ...drop, columns: ['t'] }, [['t', markedTexts.filter((text) => text !== '')]], {
        notes: [/\bcolumn t\b/],
        numbers: [1, 9, 10, 11, 12, 13],
      }),
    ],
  },
  {
    file: 'indeterminate.csv',
    about: 'what old C prints for no number',
    readings: [
      reads(keep, [
        ['x', [1.5, NaN, NaN, 2.5]],
        ['y', [1, 2, 3, 4]],
      ]),
    ],
  },
  {
    file: 'dashes.csv',
    about: 'dashes for gaps',
    readings: [
      reads(
        keep,
        [
          ['size', [1.5, NaN, 2.5, NaN]],
          ['kind', ['a', 'b', '--', '-']],
        ],
        { notes: [/\bcolumn kind\b/] },
      ),
      refuses({}, /^line 3, column size: expected a value, got "-", a missing one/),
    ],
  },
  {
    file: 'question-marks.csv',
    about: 'question marks for gaps, as in files of the UCI',
    readings: [
      reads(keep, [
        ['horsepower', [130, NaN, 165]],
        ['name', ['ford', 'amc', '']],
      ]),
    ],
  },
  {
    file: 'minus-999.csv',
    about: 'a number for gaps, which has to be said',
    readings: [
      reads({ ...keep, missingValues: ['-999'] }, [
        ['temperature', [21.5, NaN, 22.5]],
        ['kind', ['a', 'b', 'a']],
      ]),
    ],
    runs: [runs('--target temperature --missing-values -999 --missing drop', [': 2 rows'])],
  },
  {
    file: 'inf.csv',
    about: 'infinity is no number that can be learnt',
    readings: [refuses({}, /^line 3, column x: expected a number, as in 3 of 4 rows, got "inf"; /)],
  },
  {
    file: 'gaps-in-a-note.csv',
    about: 'gaps in a column that is not used',
    readings: [
      reads({ columns: ['x', 'y'] }, [
        ['x', [1, 2, 3, 4, 5, 6]],
        ['y', [2, 4, 6, 8, 10, 12]],
      ]),
      refuses({}, /^line 3, column note: expected a value, got "", a missing one/),
    ],
    models: [learns({ target: 'y', features: ['x'] })],
    runs: [
      fails('--target y', /line 3, column note: /, /--missing/),
      runs('--target y --ignore note', [': 6 rows'], { predict: [], rows: 6 }),
      runs('--target y --features x', [': 6 rows']),
      runs('--target y --features x --missing drop', [': 6 rows']),
      runs('--target y --ignore note --missing drop', [': 6 rows']),
      runs('--target y --missing drop', [': 2 rows']),
    ],
  },
  {
    file: 'country-na.csv',
    about: 'NA is Namibia, and the number that is missing',
    readings: [
      reads(
        keep,
        [
          ['country', ['NA', 'DE', 'FR', 'NA', 'DE']],
          ['people', [2.5, 83.2, 67.8, 2.6, NaN]],
        ],
        { notes: [kept('country', 'NA', 2)] },
      ),
      refuses({}, /^line 6, column people: expected a value, got "NA", a missing one/),
      reads(
        { ...drop, missingValues: ['NA'] },
        [
          ['country', ['DE', 'FR']],
          ['people', [83.2, 67.8]],
        ],
        { numbers: [2, 3] },
      ),
    ],
    runs: [
      runs('--target country --missing drop', ['3 classes: DE, FR, NA', ': 4 rows', /^Note/m], {
        predict: ['--missing', '0'],
        rows: 5,
      }),
    ],
  },
  {
    file: 'none-category.csv',
    about: 'None is a category: no alley',
    readings: [
      reads(
        {},
        [
          ['alley', ['Grvl', 'None', 'None', 'Pave']],
          ['price', [100.5, 200.5, 150.5, 120.5]],
        ],
        { notes: [kept('alley', 'None', 2)] },
      ),
    ],
    models: [learns({ target: 'price' }, { inputs: [['alley', ['Grvl', 'None', 'Pave']]] })],
  },
  {
    file: 'dash-category.csv',
    about: 'plus and minus are categories',
    readings: [
      reads(
        {},
        [
          ['result', ['+', '-', '+']],
          ['minute', [1, 2, 3]],
        ],
        { notes: [/\bcolumn result\b/] },
      ),
    ],
  },
]

const ages = (mark: number): Values[] => [
  ['age', [31, 32, 33, mark, 35, 36]],
  ['kind', ['a', 'b', 'a', 'b', 'a', 'b']],
]

const looks: Case[] = [
  {
    file: 'zip-codes.csv',
    about: 'zeros before numbers that are names, which has to be said',
    readings: [
      reads({ kinds: { zip: 'text' } }, [
        ['zip', ['01067', '10115', '80331', '01069']],
        ['rent', [9.5, 14.5, 19.5, 9.9]],
      ]),
    ],
    models: [learns({ target: 'rent' }, { inputs: [['zip', ['01067', '01069', '10115', '80331']]] })],
    runs: [runs('--target rent --texts zip', ['texts: zip'], { predict: [], rows: 4 })],
  },
  {
    file: 'phones.csv',
    about: 'telephone numbers are no numbers',
    readings: [
      reads({}, [
        ['phone', ['+49 30 1234567', '030/765432', '(0351) 12-34']],
        ['calls', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'product-codes.csv',
    about: 'codes of letters and digits',
    readings: [
      reads({}, [
        ['code', ['A-12', 'B-7', '12-C']],
        ['size', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'ordinals.csv',
    about: '1st, 2nd and 3rd are categories, no numbers with units',
    readings: [
      reads({}, [
        ['class', ['1st', '2nd', '3rd', '3rd']],
        ['fare', [80.5, 20.5, 8.5, 7.5]],
      ]),
    ],
  },
  {
    file: 'yes-no.csv',
    about: 'yes and no are categories',
    readings: [
      reads({}, [
        ['smoker', ['yes', 'no', 'yes']],
        ['age', [30, 40, 50]],
      ]),
    ],
    models: [learns({ target: 'smoker' }, { outputs: [['smoker', ['no', 'yes']]] })],
  },
  {
    file: 'hex.csv',
    about: 'hexadecimal numbers are texts',
    readings: [
      reads({}, [
        ['colour', ['0x10', '0xff', '0x0a']],
        ['size', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'times.csv',
    about: 'times of a day are texts',
    readings: [
      reads({}, [
        ['at', ['10:00', '11:30', '23:59']],
        ['size', [1, 2, 3]],
      ]),
    ],
  },
  {
    file: 'few-texts.csv',
    about: 'a text among numbers',
    readings: [
      refuses(
        {},
        `line 5, column age: expected a number, as in 5 of 6 rows, got "unknown"; missingValues: ['unknown'] takes it for missing, kinds: { age: 'text' } takes all for texts`,
      ),
      reads({ ...keep, missingValues: ['unknown'] }, ages(NaN)),
      reads({ missing: 0, missingValues: ['unknown'] }, ages(0)),
      reads({ kinds: { age: 'text' } }, [['age', ['31', '32', '33', 'unknown', '35', '36']], ages(0)[1]]),
      reads({ columns: ['kind'] }, [ages(0)[1]]),
      refuses({ kinds: { age: 'number' } }, /^line 5, column age: expected a number, got "unknown"/),
    ],
    runs: [
      fails(
        '--target kind',
        /line 5, column age: expected a number, as in 5 of 6 rows, got "unknown"/,
        /--missing-values unknown/,
        /--texts age/,
      ),
      runs('--target kind --missing-values unknown --missing drop', [': 5 rows']),
      runs('--target kind --texts age', ['texts: age']),
    ],
  },
  {
    file: 'few-texts-of-two.csv',
    about: 'two texts among numbers',
    readings: [
      refuses(
        {},
        /^line 4, column age: expected a number, as in 6 of 8 rows, got "unknown" \(also "abc" in line 6\); missingValues: \['unknown'/,
      ),
    ],
  },
  {
    file: 'typo.csv',
    about: 'a letter in a number',
    readings: [
      refuses(
        {},
        `line 4, column size: expected a number, as in 4 of 5 rows, got "3.O"; missingValues: ['3.O'] takes it for missing, kinds: { size: 'text' } takes all for texts`,
      ),
    ],
  },
  {
    file: 'few-numbers.csv',
    about: 'a number among texts',
    readings: [
      reads({}, [
        ['answer', ['many', 'few', '3', 'many', 'few', 'none']],
        ['size', [1, 2, 3, 4, 5, 6]],
      ]),
    ],
  },
  {
    file: 'half-numbers.csv',
    about: 'as many numbers as texts',
    readings: [
      reads({}, [
        ['seat', ['12', 'A', '14', 'B']],
        ['size', [1, 2, 3, 4]],
      ]),
    ],
  },
  {
    file: 'stray-blank.csv',
    about: 'blanks around numbers; those around texts are theirs',
    readings: [
      reads({}, [
        ['size', [1, 2, 3]],
        ['kind', ['fir', ' oak', 'fir']],
      ]),
    ],
  },
]

const twelve = Array.from({ length: 12 }, (_, i) => i)
const labels = ['red', 'round', 'sweet']

const tasks: Case[] = [
  {
    file: 'labels.csv',
    about: 'several labels of 0 and 1',
    readings: [
      reads({}, [
        ['size', twelve.map((i) => i + 0.5)],
        ['red', twelve.map((i) => Number(i % 2 === 0))],
        ['round', twelve.map((i) => Number(i > 5))],
        ['sweet', twelve.map((i) => Number(i % 3 === 0))],
      ]),
    ],
    models: [learns({ target: labels, task: 'multilabel' }, { inputs: [['size', 'number']] })],
    runs: [
      runs(
        '--target red,round,sweet --task multilabel',
        ['3 sigmoid', 'binaryCrossEntropy', 'red, round, sweet'],
        {
          predict: [],
          rows: 12,
        },
      ),
    ],
  },
  {
    file: 'labels-bools.csv',
    about: 'several labels of True and False',
    readings: [
      reads({}, [
        ['size', twelve.map((i) => i + 0.5)],
        ['red', twelve.map((i) => (i % 2 === 0 ? 'True' : 'False'))],
        ['round', twelve.map((i) => (i > 5 ? 'True' : 'False'))],
      ]),
    ],
    models: [learns({ target: ['red', 'round'], task: 'multilabel' })],
    runs: [runs('--target red,round --task multilabel', ['2 sigmoid', 'binaryCrossEntropy'])],
  },
  {
    file: 'labels-of-numbers.csv',
    about: 'a label that is neither 0 nor 1',
    readings: [
      reads({}, [
        ['size', [1.5, 2.5, 3.5]],
        ['red', [1, 0, 2]],
        ['round', [0, 1, 1]],
      ]),
    ],
    models: [
      cannotLearn({ target: ['red', 'round'], task: 'multilabel' }, [
        /^row 3, column red: expected /,
        /got 2/,
      ]),
    ],
    runs: [fails('--target red,round --task multilabel', /row 3, column red: expected /)],
  },
  {
    file: 'wine-classes.csv',
    about: 'classes that are integers',
    readings: [
      reads({}, [
        [
          'alcohol',
          [
            11, 12.05, 13.1, 11.15, 12.2, 13.25, 11.3, 12.35, 13.4, 11.45, 12.5, 13.55, 11.6, 12.65, 13.7,
            11.75, 12.8, 13.85,
          ],
        ],
        ['ash', Array.from({ length: 18 }, (_, i) => Number((2 + i / 50).toFixed(2)))],
        ['cultivar', Array.from({ length: 18 }, (_, i) => 1 + (i % 3))],
      ]),
    ],
    models: [
      learns({ target: 'cultivar', task: 'classification' }, { outputs: [['cultivar', [1, 2, 3]]] }),
      learns({ target: 'cultivar' }, { outputs: [['cultivar', 'number']] }),
    ],
    runs: [
      runs('--target cultivar --task classification', ['3 classes: 1, 2, 3'], { predict: [], rows: 18 }),
      runs('--target cultivar', ['--task classification takes its 3 values for classes']),
    ],
  },
  {
    file: 'constant.csv',
    about: 'a column of one number',
    readings: [
      reads({}, [
        ['x', [1, 2, 3, 4]],
        ['version', [7, 7, 7, 7]],
        ['kind', ['a', 'b', 'a', 'b']],
      ]),
    ],
    models: [learns({ target: 'kind' })],
    runs: [runs('--target kind', [], { predict: [], rows: 4 })],
  },
  {
    file: 'constant-but-for-rounding.csv',
    about: 'a column of one number, twice rounded',
    readings: [
      reads({}, [
        ['x', [1, 2, 3]],
        ['c', [0.3, 0.1 + 0.2, 0.3]],
        ['y', [2, 4, 6]],
      ]),
    ],
    models: [learns({ target: 'y' }), learns({ target: 'y', scale: 'minMax' })],
  },
  {
    file: 'constant-text.csv',
    about: 'a column of one text',
    readings: [
      reads({}, [
        ['x', [1, 2, 3]],
        ['site', ['north', 'north', 'north']],
        ['kind', ['a', 'b', 'a']],
      ]),
    ],
    models: [learns({ target: 'kind' })],
  },
  {
    file: 'category-in-last-row.csv',
    about: 'a class in the last row alone',
    readings: [
      reads({}, [
        ['x', [1, 2, 3, 4, 5, 6, 7]],
        ['kind', ['a', 'b', 'a', 'b', 'a', 'b', 'c']],
      ]),
    ],
    models: [learns({ target: 'kind' }, { outputs: [['kind', ['a', 'b', 'c']]] })],
    runs: [runs('--target kind', ['3 classes: a, b, c'])],
  },
  {
    file: 'one-class.csv',
    about: 'one class alone',
    readings: [
      reads({}, [
        ['x', [1, 2, 3]],
        ['kind', ['a', 'a', 'a']],
      ]),
    ],
    models: [cannotLearn({ target: 'kind' }, 'column kind: expected at least 2 classes, got a alone')],
    runs: [fails('--target kind', 'column kind: expected at least 2 classes, got a alone')],
  },
  {
    file: 'all-missing.csv',
    about: 'a column without a value',
    readings: [
      reads(keep, [
        ['x', [1, 2, 3]],
        ['empty', [NaN, NaN, NaN]],
        ['y', [2, 4, 6]],
      ]),
      refuses({}, /^line 2, column empty: expected a value, got "", a missing one/),
    ],
    models: [
      cannotLearn({ target: 'y' }, /^row 1, column empty: expected a value, got NaN, a missing one/),
      learns({ target: 'y', features: ['x'] }),
    ],
    runs: [runs('--target y --ignore empty', ['numbers: x\n'])],
  },
  {
    file: 'german-prices.csv',
    about:
      'a price list of a German spreadsheet: mark, sep=, semicolons, commas, points, and a delimiter at the end',
    readings: [
      reads(
        {},
        [
          ['Artikel', ['Tisch', 'Schrank', 'Stuhl', 'Bett']],
          ['Fläche', [1.2, 2.4, 0.25, 3.6]],
          ['Preis', [249, 1299.5, 89.9, 2049]],
        ],
        { notes: [SEMICOLONS, NUMERALS, nameless(4)] },
      ),
    ],
    models: [learns({ target: 'Preis', features: ['Fläche'] })],
    runs: [
      runs('--target Preis --ignore Artikel', ['numbers: Fläche', 'Preis, a number'], {
        predict: [],
        rows: 4,
      }),
    ],
  },
  {
    file: 'titanic.csv',
    about: 'passengers, of whom some things are not known',
    readings: [
      reads(
        { ...drop, columns: ['Survived', 'Pclass', 'Sex', 'Age', 'Fare', 'Embarked'] },
        [
          ['Survived', [0, 1, 1]],
          ['Pclass', [3, 1, 1]],
          ['Sex', ['male', 'female', 'female']],
          ['Age', [22, 38, 35]],
          ['Fare', [7.25, 71.2833, 53.1]],
          ['Embarked', ['S', 'C', 'S']],
        ],
        { numbers: [1, 2, 4] },
      ),
      reads({ ...keep, columns: ['Name', 'Age', 'Cabin'] }, [
        [
          'Name',
          [
            'Brown, Mr. Owen',
            'Cook, Mrs. Ann (Mary "May" Lee)',
            'Day, Miss. Ida',
            'Ford, Mrs. Eve',
            'Hill, Mr. Guy',
            'King, Mr. Jim',
          ],
        ],
        ['Age', [22, 38, NaN, 35, 35, NaN]],
        ['Cabin', ['', 'C85', '', 'C123', '', '']],
      ]),
      refuses({}, /^line 2, column Cabin: expected a value, got "", a missing one/),
    ],
    models: [learns({ target: 'Survived', task: 'classification' }, { outputs: [['Survived', [0, 1]]] })],
    runs: [
      runs('--target Survived --task classification --ignore PassengerId,Name,Cabin --missing drop', [
        ': 3 rows',
        'numbers: Pclass, Age, Fare',
        'texts: Sex, Embarked',
      ]),
      runs('--target Survived --task classification --features Pclass,Sex,Fare', [': 6 rows'], {
        predict: [],
        rows: 6,
      }),
      runs('--target Survived --task classification --features Pclass,Sex,Age --missing 30', [': 6 rows']),
    ],
  },
]

const records: Case[] = [
  {
    file: 'records.jsonl',
    about: 'JSON lines',
    models: [
      learns({ target: 'kind' }, { inputs: [['size', 'number']], outputs: [['kind', ['fir', 'oak']]] }),
    ],
    runs: [
      runs('--target kind', [': 3 rows'], { predict: [], rows: 3 }),
      runs('--target kind', [': 3 rows'], { isPiped: true }),
    ],
  },
  {
    file: 'records.ndjson',
    about: 'with line ends of Windows',
    models: [learns({ target: 'kind' })],
    runs: [runs('--target kind', [': 3 rows'], { predict: [], rows: 3 })],
  },
  {
    file: 'records.jsonl.gz',
    about: 'JSON lines in gzip',
    models: [learns({ target: 'kind' })],
    runs: [
      runs('--target kind', [': 3 rows'], { predict: [], rows: 3 }),
      runs('--target kind', [': 3 rows'], { isPiped: true }),
    ],
  },
  {
    file: 'records-gzip-without-gz.jsonl',
    about: 'gzip under another name',
    runs: [runs('--target kind', [': 3 rows'], { predict: [], rows: 3 })],
  },
  { file: 'records-bom.jsonl', about: 'with a byte order mark', runs: [runs('--target kind', [': 3 rows'])] },
  {
    file: 'blank-lines.jsonl',
    about: 'with blank lines',
    models: [learns({ target: 'kind' })],
    runs: [runs('--target kind', [': 3 rows'])],
  },
  {
    file: 'bools.jsonl',
    about: 'true and false as a feature',
    models: [
      learns(
        { target: 'kind' },
        {
          inputs: [
            ['size', 'number'],
            ['smoker', [false, true]],
          ],
        },
      ),
    ],
    runs: [runs('--target kind', ['kind, 2 classes'], { predict: [], rows: 6 })],
  },
  {
    file: 'bools-target.jsonl',
    about: 'true and false as a target',
    models: [learns({ target: 'ok' }, { outputs: [['ok', [false, true]]] })],
    runs: [runs('--target ok', ['ok, 2 classes: false, true'], { predict: [], rows: 6 })],
  },
  {
    file: 'null.jsonl',
    about: 'null is missing',
    models: [
      cannotLearn({ target: 'y' }, /^row 2, column size: expected a value, got null, a missing one/),
      cannotLearn({ target: 'size' }, /^row 2, column size: expected a value, got null, a missing one/),
    ],
    runs: [
      fails('--target y', /(row|line) 2, column size: expected a value, got null, a missing one/),
      runs('--target y --missing drop', [': 3 rows']),
      runs('--target y --missing 0', [': 4 rows'], { predict: ['--missing', '0'], rows: 4 }),
    ],
  },
  {
    file: 'missing-keys.jsonl',
    about: 'a name that a row has not',
    models: [cannotLearn({ target: 'y' }, /^row 2, column size: expected a value, got .*missing/)],
    runs: [
      fails('--target y', /(row|line) 2, column size: expected a value/),
      runs('--target y --missing drop', [': 3 rows']),
    ],
  },
  {
    file: 'key-orders.jsonl',
    about: 'names in any order',
    models: [
      learns(
        { target: 'y' },
        {
          inputs: [
            ['size', 'number'],
            ['weight', 'number'],
          ],
        },
      ),
    ],
    runs: [runs('--target y', ['numbers: size, weight'], { predict: [], rows: 3 })],
  },
  {
    file: 'more-keys-later.jsonl',
    about: 'a name that the first row has not',
    models: [learns({ target: 'y', features: ['size'] })],
    runs: [runs('--target y --features size', [': 3 rows'])],
  },
  {
    file: 'nested.jsonl',
    about: 'objects in a row',
    models: [cannotLearn({ target: 'y' }, [/^row 1, column size: expected /, /object/])],
    runs: [fails('--target y', /(row|line) 1, column size: expected /, /object/)],
  },
  {
    file: 'arrays.jsonl',
    about: 'arrays in a row',
    models: [cannotLearn({ target: 'y' }, [/^row 1, column size: expected /, /array/])],
    runs: [fails('--target y', /(row|line) 1, column size: expected /, /array/)],
  },
  {
    file: 'nested-unused.jsonl',
    about: 'objects, arrays and gaps in a column that is not used',
    models: [learns({ target: 'y', features: ['x'] })],
    runs: [
      runs('--target y --features x', [': 3 rows'], { predict: [], rows: 3 }),
      runs('--target y --ignore meta --missing drop', [': 3 rows']),
    ],
  },
  {
    file: 'big-ids.jsonl',
    about: 'integers that JSON.parse rounds',
    runs: [
      fails('--target y', /(row|line) 1, column id: expected /, /9007199254740993/),
      runs('--target y --ignore id', ['numbers: x\n']),
    ],
  },
  {
    file: 'dates.jsonl',
    about: 'dates as JSON has them',
    models: [cannotLearn({ target: 'y' }, [/column day/, /date/i])],
    runs: [fails('--target y', /column day/, /date/i)],
  },
  {
    file: 'numbers-as-texts.jsonl',
    about: 'numbers in quotes',
    models: [
      cannotLearn({ target: 'y' }, [/^row 1, column size: expected /, /"1"/]),
      learns({ target: 'y', texts: ['size'] }, { inputs: [['size', ['1', '2.5', '3']]] }),
    ],
    runs: [
      fails('--target y', /(row|line) 1, column size: expected /, /--texts size/),
      runs('--target y --texts size', ['texts: size'], { predict: [], rows: 3 }),
    ],
  },
  {
    file: 'mixed-kinds.jsonl',
    about: 'a text among numbers',
    models: [cannotLearn({ target: 'y' }, /^row 2, column size: expected a number.*, got "big"/)],
    runs: [fails('--target y', /(row|line) 2, column size: expected a number.*, got "big"/)],
  },
  {
    file: 'mixed-bools.jsonl',
    about: 'a text among booleans',
    models: [cannotLearn({ target: 'y' }, [/^row 2, column flag: expected /, /"maybe"/])],
    runs: [fails('--target y', /(row|line) 2, column flag: expected /, /"maybe"/)],
  },
  {
    file: 'NaN.jsonl',
    about: 'NaN as Python writes it, which is no JSON',
    runs: [fails('--target y', /line 2/)],
  },
  {
    file: 'array-of-records.json',
    about: 'one array of rows',
    runs: [fails('--target kind', /JSON lines|one object a line|a JSON object/)],
  },
  {
    file: 'pretty.json',
    about: 'one object over several lines',
    runs: [fails('--target kind', /line 1: expected a JSON object/)],
  },
  {
    file: 'arrays-as-rows.jsonl',
    about: 'rows without names',
    runs: [fails('--target y', /line 1: expected a JSON object, got an array/)],
  },
  {
    file: 'names-with-dots.jsonl',
    about: 'names with points and commas',
    models: [learns({ target: 'y' })],
    runs: [
      runs(['--target', 'y', '--features', 'c, d'], ['numbers: c, d\n']),
      runs(['--target', 'y', '--ignore', '"c, d"'], ['numbers: a.b\n'], { predict: [], rows: 3 }),
    ],
  },
  {
    file: 'integer-classes.jsonl',
    about: 'classes that are integers',
    models: [learns({ target: 'class', task: 'classification' }, { outputs: [['class', [0, 1, 2]]] })],
    runs: [runs('--target class --task classification', ['3 classes: 0, 1, 2'], { predict: [], rows: 9 })],
  },
]

export const cases: readonly Case[] = [
  ...delimiters,
  ...numerals,
  ...bytes,
  ...lines,
  ...pandas,
  ...r,
  ...marks,
  ...looks,
  ...tasks,
  ...records,
]
