import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { Form, Select } from 'antd'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSites } from '../county.ts'
import type { Fields } from '../records/fields.ts'
import { IdField, NameFields, type Ruling, RulingFields, rulingOf } from '../records/head-fields.tsx'
import { type Known, RecordForm } from '../records/record-form.tsx'
import { useSay } from '../words.ts'

interface CostCentreForm extends Ruling {
  readonly id: string
  readonly zh: string
  readonly en?: string
  readonly site?: string | null
  readonly room?: string | null
}

/** Who pays: a whole site, a room of it, or a programme that belongs to none. */
export const CostCentreFields = ({ known, onSaved }: { readonly known: Known | null; readonly onSaved: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const [form] = Form.useForm<CostCentreForm>()
  const site = Form.useWatch('site', form) as string | null | undefined
  const rooms = sites.get(site ?? '')?.rooms ?? []
  return (
    <RecordForm
      is="cost-centre"
      idOf="id"
      known={known}
      form={form}
      initial={known ? formOf(known) : {}}
      fieldsOf={(asked) => costCentreOf(asked) as Fields}
      onSaved={onSaved}
    >
      <IdField name="id" known={known !== null} placeholder="qinglong-clinic" />
      <NameFields />
      <div className="form-pair">
        <Form.Item name="site" label={say('field.site')} extra={say('cost-centre.site-hint')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            onChange={() => form.setFieldValue('room', null)}
            options={[...sites.values()].map((one) => ({ value: one.site, label: nameIn(one.name, language) }))}
          />
        </Form.Item>
        <Form.Item name="room" label={say('field.room')}>
          <Select allowClear disabled={!site} options={rooms.map(({ room, name }) => ({ value: room, label: nameIn(name, language) }))} />
        </Form.Item>
      </div>
      <RulingFields />
    </RecordForm>
  )
}

type CostCentre = Omit<HubBody<'saveCostCentre'>, 'action' | 'id' | 'knownVersion'>

const costCentreOf = ({ zh, en, site, room, ...ruling }: CostCentreForm): CostCentre => ({
  name: { zh: zh.trim(), en: en?.trim() ?? '' },
  ...(site ? { site } : {}),
  ...(site && room ? { room } : {}),
  ...rulingOf(ruling),
})

const formOf = ({ id, fields }: Known): CostCentreForm => {
  const { name, ...rest } = fields as unknown as CostCentre
  return { ...rest, id, zh: name.zh, en: name.en }
}
