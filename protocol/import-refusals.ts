/** Why a table of items, parties or certificates is not taken, or one of its rows. */
export const IMPORT_REFUSALS = {
  'imports.file-too-large': { zh: '文件超过 {limit} 字节', en: 'The file exceeds {limit} bytes' },
  'imports.upload-cut': { zh: '上传中断了，请重新上传', en: 'The upload was cut short: send it again' },
  'imports.file-empty': { zh: '文件里没有数据行', en: 'The file holds no rows' },
  'imports.encoding-wrong': {
    zh: '文字编码认不出来：只收 UTF-8 和 GB18030，请另存后再传',
    en: 'The encoding is neither UTF-8 nor GB18030: save the file as one of them',
  },
  'imports.csv-broken': { zh: 'CSV 第 {line} 行格式不对：{why}', en: 'The CSV is broken at line {line}: {why}' },
  'imports.workbook-broken': { zh: 'XLSX 打不开：{why}', en: 'The workbook cannot be read: {why}' },
  'imports.merged-cells': {
    zh: '{sheet} 有合并单元格（{cells}）：请取消合并，每格填写完整',
    en: '{sheet} has merged cells ({cells}): unmerge them and fill every cell',
  },
  'imports.rows-too-many': { zh: '超过 {limit} 行，请分成几个文件', en: 'More than {limit} rows: cut the file into several' },
  'imports.columns-missing': { zh: '第一行缺少这些列：{columns}', en: 'The first row lacks these columns: {columns}' },
  'imports.column-twice': { zh: '列“{column}”出现了两次', en: 'Column {column} stands there twice' },
  'imports.too-slow': { zh: '文件读取太久或占用内存太多，已停止', en: 'Reading the file took too long or too much memory: stopped' },
  'imports.busy': { zh: '另一个导入正在进行，请稍候', en: 'Another import is at work: wait for it' },
  'imports.unknown': { zh: '没有这次导入：{import}', en: 'No such import: {import}' },
  'imports.not-now': { zh: '导入现在的状态（{state}）不能这样做', en: 'In its present state ({state}) the import cannot do that' },
  'imports.choices-open': {
    zh: '还有 {rows} 行需要选择对应的记录',
    en: '{rows} rows still need a choice',
  },
  'imports.choice-unknown': { zh: '第 {row} 行没有这个选项', en: 'Row {row} has no such choice' },
  'imports.broken-off': { zh: '读取时程序中断，请重新上传', en: 'The hub ended while it read the file: send it again' },
  'imports.cell-too-long': { zh: '“{column}”超过 {limit} 字', en: '{column} exceeds {limit} letters' },
  'imports.cell-missing': { zh: '“{column}”没有填写', en: '{column} is not filled in' },
  'imports.cell-wrong': { zh: '“{column}”看不懂：{value}', en: '{column} cannot be read: {value}' },
  'imports.row-twice': { zh: '与第 {row} 行是同一条记录', en: 'The same record as row {row}' },
  'imports.code-twice': { zh: '条码 {code} 在第 {row} 行已经用过', en: 'Code {code} stands in row {row} already' },
  'imports.match-twice': {
    zh: '条码对应多个品种：{items}',
    en: 'Its codes belong to several items: {items}',
  },
  'imports.certificate-unknown': {
    zh: '没有注册证 {number}，请先导入注册证',
    en: 'No certificate {number}: import certificates first',
  },
  'imports.party-unknown': { zh: '没有企业“{name}”，请先导入企业', en: 'No party {name}: import parties first' },
  'imports.undo-changed': {
    zh: '{id} 在导入后又被改过（现为第 {version} 版），整批不能撤销',
    en: '{id} has changed since (it is at version {version}): the batch cannot be undone',
  },
  'imports.undo-used': {
    zh: '{id} 在导入后已被使用（{by}），整批不能撤销',
    en: '{id} has been referred to since ({by}): the batch cannot be undone',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
