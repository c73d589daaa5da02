import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { Form, Select } from 'antd'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSites } from '../county.ts'
import type { Fields } from '../records/fields.ts'
import { IdField, NameFields, type Ruling, RulingFields, rulingOf } from '../records/head-fields.tsx'
import { type Known, RecordForm } from '../records/record-form.tsx'
import { useSay } from '../words.ts'

interface PortalForm extends Ruling {
  readonly id: string
  readonly zh: string
  readonly en?: string
  readonly site: string
  readonly inside: string
  readonly outside: string
}

/** A doorway: whose it is, the room it leads into and the one it leads out to. */
export const PortalFields = ({ known, site, onSaved }: PortalLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const [form] = Form.useForm<PortalForm>()
  const chosen = Form.useWatch('site', form) as string | undefined
  const inside = Form.useWatch('inside', form) as string | undefined
  const rooms = (sites.get(chosen ?? '')?.rooms ?? []).map(({ room, name }) => ({ value: room, label: nameIn(name, language) }))
  return (
    <RecordForm
      is="portal"
      idOf="id"
      known={known}
      form={form}
      initial={known ? formOf(known) : { outside: STREET, ...(site === undefined ? {} : { site }) }}
      fieldsOf={(asked) => portalOf(asked) as Fields}
      onSaved={onSaved}
    >
      <IdField name="id" known={known !== null} placeholder="qinglong-main-door" />
      <NameFields />
      <Form.Item name="site" label={say('field.site')} rules={[{ required: true, message: say('form.needed') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          onChange={() => form.setFieldsValue({ outside: STREET, inside: undefined as never })}
          options={[...sites.values()].map((one) => ({ value: one.site, label: nameIn(one.name, language) }))}
          data-testid="portal-site"
        />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="outside" label={say('field.outside')}>
          <Select options={[{ value: STREET, label: say('portal.street') }, ...rooms.filter(({ value }) => value !== inside)]} />
        </Form.Item>
        <Form.Item name="inside" label={say('field.inside')} rules={[{ required: true, message: say('form.needed') }]}>
          <Select options={rooms} data-testid="portal-inside" />
        </Form.Item>
      </div>
      <RulingFields />
    </RecordForm>
  )
}

interface PortalLine {
  readonly known: Known | null
  /** The site a new one is made for. */
  readonly site: string | undefined
  readonly onSaved: () => void
}

type Portal = Omit<HubBody<'savePortal'>, 'action' | 'id' | 'knownVersion'>

const portalOf = ({ zh, en, site, inside, outside, ...ruling }: PortalForm): Portal => ({
  site,
  name: { zh: zh.trim(), en: en?.trim() ?? '' },
  inside,
  outside: outside === STREET ? null : outside,
  ...rulingOf(ruling),
})

const formOf = ({ id, fields }: Known): PortalForm => {
  const { name, outside, ...rest } = fields as unknown as Portal
  return { ...rest, id, zh: name.zh, en: name.en, outside: outside ?? STREET }
}

/** No room: what lies before the door. */
const STREET = ''
