import { Input, InputNumber, Radio, Select } from 'antd'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useHub, useSites } from '../county.ts'
import { useSay } from '../words.ts'
import { Titled } from './titled.tsx'
import type { Look, TagWish } from './wishes.ts'

/** Whether labels are tags, and what of: plain ones, goods on their way to a site, or stock that stands there already. */
export const TagFields = ({ tags, fixed, onChange }: TagFieldsLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  return (
    <fieldset className="label-fields" disabled={fixed}>
      <legend>{say('labels.kind')}</legend>
      <Radio.Group
        className="label-kinds"
        value={tags.kind}
        disabled={fixed}
        onChange={(event) => onChange({ kind: event.target.value as TagWish['kind'] })}
        data-testid="label-kind"
      >
        {KINDS.map((kind) => (
          <Radio key={kind} value={kind} data-testid={`label-kind-${kind}`}>
            <b>{say(`labels.${kind}`)}</b>
            <small>{say(`labels.${kind}-note`)}</small>
          </Radio>
        ))}
      </Radio.Group>
      {tags.kind === 'announce' && (
        <div className="label-pair">
          <Titled title={say('labels.site')}>
            <Select
              value={tags.site ?? null}
              disabled={fixed}
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={say('tags.site-pick')}
              onChange={(site: string) => onChange({ site })}
              options={[...sites.values()].map((site) => ({ value: site.site, label: nameIn(site.name, language) }))}
              data-testid="label-site"
            />
          </Titled>
          <Titled title={say('labels.doc')}>
            <Input
              value={tags.doc}
              maxLength={96}
              placeholder={say('tags.doc-hint')}
              onChange={(event) => onChange({ doc: event.target.value })}
              data-testid="label-doc"
            />
          </Titled>
        </div>
      )}
      {tags.kind !== 'plain' && (
        <div className="label-pair">
          <Titled title={say('labels.epc')}>
            <Select
              value={tags.epc}
              disabled={fixed}
              onChange={(epc: TagWish['epc']) => onChange({ epc })}
              options={(['sgtin-96', 'sgtin+'] as const).map((value) => ({ value, label: say(`labels.epc-${value}`) }))}
              data-testid="label-epc"
            />
          </Titled>
          {tags.epc === 'sgtin-96' && (
            <Titled hint={say('labels.prefix-hint')} title={say('labels.prefix')}>
              <InputNumber
                value={tags.prefixDigits}
                min={6}
                max={12}
                precision={0}
                disabled={fixed}
                onChange={(digits) => onChange({ prefixDigits: digits ?? 7 })}
                data-testid="label-prefix"
              />
            </Titled>
          )}
        </div>
      )}
    </fieldset>
  )
}

interface TagFieldsLine {
  readonly tags: TagWish
  readonly fixed: boolean
  readonly onChange: (change: Partial<TagWish>) => void
}

/** What the symbol says, its kind, the size of the label, and who prints it. */
export const LookFields = ({ look, tagged, onChange }: LookFieldsLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const known = useHub('labelForms').value
  return (
    <div className="label-fields label-look">
      <Titled title={say('labels.scheme')}>
        <Select
          value={look.scheme}
          disabled={tagged}
          onChange={(scheme: Look['scheme']) => onChange({ scheme })}
          options={(['gs1', 'local'] as const).map((value) => ({ value, label: say(`labels.scheme-${value}`) }))}
          data-testid="label-scheme"
        />
      </Titled>
      <Titled title={say('labels.symbol')}>
        <Select
          value={look.symbol}
          onChange={(symbol: Look['symbol']) => onChange({ symbol })}
          options={(known?.symbols ?? [])
            .filter(({ scheme }) => scheme === look.scheme)
            .map((row) => ({ value: row.symbol as Look['symbol'], label: nameIn(row, language) }))}
          data-testid="label-symbol"
        />
      </Titled>
      <Titled title={say('labels.size')}>
        <Select
          value={look.size}
          onChange={(size: Look['size']) => onChange({ size })}
          options={(known?.sizes ?? []).map((row) => ({ value: row.size as Look['size'], label: nameIn(row, language) }))}
          data-testid="label-size"
        />
      </Titled>
      <Titled title={say('labels.form')}>
        <Select
          value={look.form}
          onChange={(form: Look['form']) => onChange({ form })}
          options={(known?.forms ?? []).map((row) => ({ value: row.form as Look['form'], label: nameIn(row, language) }))}
          data-testid="label-form"
        />
      </Titled>
      {look.form !== 'sheet' && look.form !== 'svg' && (
        <Titled title={say('labels.dpi')}>
          <Select
            value={look.dpi}
            onChange={(dpi: Look['dpi']) => onChange({ dpi })}
            options={(known?.dpis ?? []).map((dpi) => ({ value: dpi as Look['dpi'], label: String(dpi) }))}
            data-testid="label-dpi"
          />
        </Titled>
      )}
    </div>
  )
}

interface LookFieldsLine {
  readonly look: Look
  /** Tags carry GTINs. */
  readonly tagged: boolean
  readonly onChange: (change: Partial<Look>) => void
}

const KINDS = ['plain', 'announce', 'numbered'] as const
