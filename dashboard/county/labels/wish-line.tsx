import { Button, Input, InputNumber, Select } from 'antd'
import { useEffect } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useHub } from '../county.ts'
import { PickRecord } from '../records/pick.tsx'
import { useSay } from '../words.ts'
import { Titled } from './titled.tsx'
import { COPIES_MAX, packFor, type WishRow } from './wishes.ts'

interface WishLineProps {
  readonly row: WishRow
  readonly fixed: boolean
  readonly onChange: (change: Partial<WishRow>) => void
  readonly onRemove: (() => void) | null
}

/** One kind of label: of which item, which pack, which lot, and how many. */
export const WishLine = ({ row, fixed, onChange, onRemove }: WishLineProps) => {
  const say = useSay()
  const { language } = useLanguage()
  // Found in the list, for what a site has made itself has no record of the county to be asked for.
  const found = useHub('items', row.item === undefined ? null : { search: row.item, limit: 50 })
  const item = found.value?.rows.find((one) => one.item === row.item)
  usePackOf(row, item?.packs, onChange)
  const packs = item?.packs ?? []
  return (
    <li className="label-wish" data-testid="label-wish">
      <Titled className="wish-item" title={say('labels.item')}>
        <PickRecord
          of="item"
          value={row.item}
          name={item ? nameIn(item.name, language) : row.item}
          onChange={(next) => !fixed && onChange({ item: next, pack: undefined })}
          data-testid="label-item"
        />
      </Titled>
      <Titled className="wish-pack" title={say('labels.pack')}>
        <Select
          value={row.pack ?? null}
          disabled={fixed || packs.length === 0}
          placeholder={say('labels.pack')}
          onChange={(pack: string) => onChange({ pack })}
          options={packs.map(({ pack, units }) => ({
            value: pack,
            label: `${pack} = ${numberText(units)} ${item ? nameIn(item.unit, language) : ''}`,
          }))}
          data-testid="label-pack"
        />
      </Titled>
      <Titled className="wish-lot" title={say('labels.lot')}>
        <Input
          value={row.lotNumber}
          maxLength={40}
          disabled={fixed}
          placeholder={say('labels.lot-none')}
          onChange={(event) => onChange({ lotNumber: event.target.value })}
          data-testid="label-lot"
        />
      </Titled>
      <Titled className="wish-expiry" title={say('labels.expiry')}>
        <Input
          type="date"
          value={row.expiry ?? ''}
          disabled={fixed}
          title={say('labels.expiry-known')}
          onChange={(event) => onChange({ expiry: event.target.value === '' ? null : event.target.value })}
          data-testid="label-expiry"
        />
      </Titled>
      <Titled className="wish-copies" title={say('labels.copies')}>
        <InputNumber
          value={row.copies}
          min={1}
          max={COPIES_MAX}
          precision={0}
          disabled={fixed}
          onChange={(copies) => onChange({ copies: copies ?? 1 })}
          data-testid="label-copies"
        />
      </Titled>
      {onRemove && <Button type="text" icon={<Icon name="close" size={18} />} onClick={onRemove} aria-label={say('labels.remove')} />}
      {row.item !== undefined && found.value && packs.length === 0 && (
        <p className="label-note" data-testid="label-left-out">
          <Icon name="warn" size={16} />
          {say(item ? 'labels.no-packs' : 'labels.not-known')}
        </p>
      )}
    </li>
  )
}

/** Until somebody chooses, the pack is the largest that what is there fills whole. */
const usePackOf = (
  { pack, units, copies }: WishRow,
  packs: Parameters<typeof packFor>[0] | undefined,
  onChange: WishLineProps['onChange'],
): void => {
  useEffect(() => {
    if (pack !== undefined || !packs) return
    const fit = packFor(packs, units)
    if (fit) onChange({ pack: fit.pack, copies: units === undefined ? copies : fit.copies })
  }, [pack, packs, units, copies, onChange])
}
