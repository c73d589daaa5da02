/**
 * What the tags of a release mean, as far as public programs that read one agree [C: domain 4.3, H-041]; no release was at hand. A tag that
 * stands nowhere here is counted by its name and passed over.
 */
export const FIELD_TAGS = {
  zxxsdycpbs: 'di',
  cpbsbmtxmc: 'issuer',
  zxxsdyzsydydsl: 'unitsInside',
  sydycpbs: 'useDi',
  cpmctymc: 'name',
  spmc: 'trade',
  ggxh: 'model',
  cplb: 'category',
  flbm: 'classCode',
  ylqxzcrbarmc: 'maker',
  tyshxydm: 'creditCode',
  zczbhhzbapzbh: 'certificate',
  ybbm: 'nhsa',
  sfbjwycxsy: 'singleUse',
  sfwwjbz: 'sterile',
  tsrq: 'withdrawn',
  scbssfbhph: 'hasLot',
  scbssfbhxlh: 'hasSerial',
  scbssfbhscrq: 'hasProduced',
  scbssfbhsxrq: 'hasExpiry',
  versionNumber: 'version',
  deviceRecordKey: 'key',
} as const

/** Tags that are known and not kept: what they say is of no use to a store room. */
export const PASSED_TAGS: ReadonlySet<string> = new Set(
  [
    'cpbsfbrq bszt sfyzcbayz zcbacpbs sfybtzjbs btcpbsyzxxsdycpbssfyz btcpbs sfwblztlcp cpms cphhhbh yflbm qxlb ylqxzcrbarywmc cgzmraqxgxx',
    'zdcfsycs syqsfxyjxmj mjfs qtxxdwzlj tscchcztj tsccsm versionTime versionStauts versionStatus correctionNumber correctionRemark',
    'correctionTime clinicalList contactList',
  ]
    .join(' ')
    .split(' '),
)

/** Lists of a record and the fields of their rows. */
export const PACK_LIST = 'packingList'
export const STORAGE_LIST = 'storageList'
export const PACK_TAGS = { code: 'bzcpbs', level: 'cpbzjb', quantity: 'bznhxyjcpbssl', holds: 'bznhxyjbzcpbs' } as const
export const STORAGE_TAGS = { what: 'cchcztj', min: 'zdz', max: 'zgz', unit: 'jldw' } as const
