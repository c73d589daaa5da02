import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { App, Button, DatePicker, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useHub, useSites } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { readEpcs, TAGS_MAX } from './epcs.ts'

interface TagsForm {
  readonly site: string
  readonly doc?: string
  readonly item: string
  readonly lotNumber: string
  readonly expiry?: { readonly format: (form: string) => string } | null
  readonly pack: string
  readonly epcs: string
}

/** The form that says which tags carry which lot and where they go: an electronic label itself carries no lot. */
export const Register = ({ onRegistered }: { readonly onRegistered: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const [form] = Form.useForm<TagsForm>()
  const register = useAct((action, asked: ReturnType<typeof registrationOf>) => hub.ask('registerTags', { body: { action, ...asked } }))
  const send = async (asked: TagsForm): Promise<void> => {
    const answer = await register.send(registrationOf(asked))
    if (!answer?.ok) return
    void message.success(say('tags.registered', { n: answer.value.registered }))
    form.setFieldValue('epcs', '')
    onRegistered()
  }
  return (
    <Sheet title={say('tags.register')} hint={say('tags.register-hint')} className="register">
      <Form
        form={form}
        layout="vertical"
        onFinish={(asked) => void send(asked)}
        disabled={register.state === 'sending'}
        requiredMark={false}
      >
        <div className="form-pair">
          <SiteField />
          <Form.Item name="doc" label={say('tags.doc')}>
            <Input maxLength={96} placeholder={say('tags.doc-hint')} data-testid="tags-doc" />
          </Form.Item>
        </div>
        <ItemFields />
        <div className="form-pair">
          <Form.Item name="lotNumber" label={say('column.lot')} rules={[{ required: true, message: say('form.needed') }]}>
            <Input maxLength={40} data-testid="tags-lot" />
          </Form.Item>
          <Form.Item name="expiry" label={say('column.expiry')} extra={say('tags.expiry-hint')}>
            <DatePicker style={{ width: '100%' }} placeholder={say('tags.expiry-none')} data-testid="tags-expiry" />
          </Form.Item>
        </div>
        <EpcField />
        {register.trouble && <TroubleNote trouble={register.trouble} />}
        <Button type="primary" htmlType="submit" size="large" block loading={register.state === 'sending'} data-testid="tags-submit">
          {say('tags.send')}
        </Button>
      </Form>
    </Sheet>
  )
}

const SiteField = () => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  return (
    <Form.Item name="site" label={say('tags.site')} rules={[{ required: true, message: say('form.needed') }]}>
      <Select
        placeholder={say('tags.site-pick')}
        showSearch={{ optionFilterProp: 'label' }}
        data-testid="tags-site"
        options={[...sites.values()].map((site) => ({ value: site.site, label: nameIn(site.name, language) }))}
      />
    </Form.Item>
  )
}

/** The item and, following from it, the pack a tag stands on. */
const ItemFields = () => {
  const say = useSay()
  const { language } = useLanguage()
  const [search, setSearch] = useState('')
  const form = Form.useFormInstance<TagsForm>()
  const items = useHub('items', { limit: 50, ...(search ? { search } : {}) })
  const chosen = Form.useWatch('item', form)
  const rows: readonly ItemView[] = items.value?.rows ?? []
  const item = rows.find((row) => row.item === chosen)
  return (
    <div className="form-pair">
      <Form.Item name="item" label={say('column.item')} rules={[{ required: true, message: say('form.needed') }]}>
        <Select
          placeholder={say('tags.item-pick')}
          showSearch={{ filterOption: false, onSearch: setSearch }}
          loading={items.asking}
          data-testid="tags-item"
          onChange={() => form.setFieldValue('pack', undefined)}
          options={rows.map((row) => ({ value: row.item, label: nameIn(row.name, language) }))}
        />
      </Form.Item>
      <Form.Item name="pack" label={say('column.pack')} rules={[{ required: true, message: say('form.needed') }]}>
        <Select
          placeholder={say('tags.pack-pick')}
          disabled={!item}
          data-testid="tags-pack"
          options={
            item?.packs.map((pack) => ({
              value: pack.pack,
              label: `${pack.pack} = ${numberText(pack.units)} ${nameIn(item.unit, language)}`,
            })) ?? []
          }
        />
      </Form.Item>
    </div>
  )
}

/** One EPC a line, typed or scanned in: each Enter of a scanner starts the next line. */
const EpcField = () => {
  const say = useSay()
  const typed = Form.useWatch('epcs') as string | undefined
  const read = readEpcs(typed ?? '')
  return (
    <Form.Item
      name="epcs"
      label={say('tags.epcs')}
      extra={
        <span className="epc-count">
          {say('tags.count', { n: read.epcs.length })}
          {read.twice > 0 && ` · ${say('tags.twice', { n: read.twice })}`}
        </span>
      }
      rules={[
        {
          validator: async (_rule, text: string | undefined) => {
            const { epcs, wrong } = readEpcs(text ?? '')
            if (wrong.length > 0) throw new Error(say('tags.wrong', { n: wrong.length, first: wrong[0] ?? '' }))
            if (epcs.length === 0) throw new Error(say('tags.epcs-needed'))
            if (epcs.length > TAGS_MAX) throw new Error(say('tags.too-many', { n: TAGS_MAX }))
          },
        },
      ]}
      validateTrigger="onBlur"
    >
      <Input.TextArea className="mono" rows={6} placeholder={say('tags.epcs-hint')} data-testid="tags-epcs" />
    </Form.Item>
  )
}

const registrationOf = (asked: TagsForm) => ({
  site: asked.site,
  doc: asked.doc?.trim() || null,
  tags: readEpcs(asked.epcs).epcs.map((epc) => ({
    epc,
    item: asked.item,
    lotNumber: asked.lotNumber.trim(),
    expiry: asked.expiry ? asked.expiry.format('YYYY-MM-DD') : null,
    pack: asked.pack,
  })),
})
