/** What a tag holds, in every way GS1 says it [TDS 6, 12, 14]. */
export interface EpcIdentity {
  readonly scheme: string
  /** Pure identity, without the filter; the schemes of TDS 2 have none, their `elementString` says it. */
  readonly uri: string | null
  readonly tagUri: string | null
  /** `(01)...(21)...` */
  readonly elementString: string
  /** 0 other, 1 point of sale, 2 full case, 4 inner pack, 6 unit load, 7 component. */
  readonly filter: number
  readonly gtin14: string
  readonly serial: string
  /** Digits of the company prefix, needed to write the same tag again; a scheme of TDS 2 knows none. */
  readonly prefixDigits: number | null
}
