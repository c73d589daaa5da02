import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { SiteRow } from '@lotkeeper/protocol/api/views.ts'
import { ROOM_PATTERN } from '@lotkeeper/protocol/names.ts'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import type { Fields } from '../records/fields.ts'
import { GuardedDrawer } from '../records/guarded-drawer.tsx'
import { NameFields } from '../records/head-fields.tsx'
import { RecordForm } from '../records/record-form.tsx'
import { useSay } from '../words.ts'

/** A site's name and its rooms, changed as a whole: each room holds what is to be inspected, what is good, and what is held, by itself. */
export const SiteDrawer = ({ site, onClose }: { readonly site: SiteRow | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <GuardedDrawer
      open={site !== null}
      onClose={onClose}
      title={site ? say('site.title', { site: nameIn(site.name, language) }) : ''}
      size={640}
    >
      {site && <SiteFields site={site} onSaved={onClose} />}
    </GuardedDrawer>
  )
}

interface SiteForm {
  readonly site: string
  readonly zh: string
  readonly en?: string
  readonly rooms: readonly RoomForm[]
}
interface RoomForm {
  readonly room: string
  readonly zh: string
  readonly en?: string
  readonly use: string
  /** Whether it is there already: then its id stays. */
  readonly known?: boolean
}

const SiteFields = ({ site: newest, onSaved }: { readonly site: SiteRow; readonly onSaved: () => void }) => {
  const say = useSay()
  // What a change begins from is held fast: a newer version that is read meanwhile must not become it unseen.
  const [site] = useState(newest)
  const [form] = Form.useForm<SiteForm>()
  const { version, ...fields } = site
  return (
    <RecordForm
      is="site"
      idOf="site"
      known={{ id: site.site, version, fields }}
      form={form}
      initial={formOf(site)}
      fieldsOf={(asked) => ({ site: site.site, zone: site.zone, ...siteOf(asked) }) as Fields}
      onSaved={onSaved}
    >
      <NameFields />
      <p className="form-hint">{say('site.rooms-hint')}</p>
      <Rooms />
    </RecordForm>
  )
}

const Rooms = () => {
  const say = useSay()
  const form = Form.useFormInstance<SiteForm>()
  return (
    <Form.List name="rooms">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('field.rooms')}</legend>
          {fields.map(({ key, name }) => (
            <Room
              key={key}
              at={name}
              isKnown={(form.getFieldValue(['rooms', name, 'known']) as boolean | undefined) === true}
              onRemove={() => remove(name)}
            />
          ))}
          <Button
            type="dashed"
            block
            onClick={() => add({ use: 'department' })}
            icon={<Icon name="plus" size={16} />}
            data-testid="room-add"
          >
            {say('enrol.add-room')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

const Room = ({ at, isKnown, onRemove }: { readonly at: number; readonly isKnown: boolean; readonly onRemove: () => void }) => {
  const say = useSay()
  return (
    <div className="form-room form-room-wide" data-testid="room">
      <Form.Item
        name={[at, 'room']}
        rules={[
          { required: true, pattern: new RegExp(ROOM_PATTERN), message: say('enrol.room-wrong') },
          ({ getFieldValue }) => ({
            validator: async (_rule, room: string) => {
              const rooms = (getFieldValue('rooms') ?? []) as readonly Partial<RoomForm>[]
              if (rooms.filter((one) => one?.room === room).length > 1) throw new Error(say('site.room-twice'))
            },
          }),
        ]}
      >
        <Input
          maxLength={32}
          placeholder={say('enrol.room')}
          aria-label={say('enrol.room')}
          disabled={isKnown}
          className="mono"
          data-testid="room-id"
        />
      </Form.Item>
      <Form.Item name={[at, 'zh']} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
        <Input maxLength={120} placeholder={say('form.name-zh')} aria-label={say('form.name-zh')} data-testid="room-name" />
      </Form.Item>
      <Form.Item name={[at, 'en']}>
        <Input maxLength={120} placeholder={say('form.name-en')} aria-label={say('form.name-en')} />
      </Form.Item>
      <Form.Item name={[at, 'use']}>
        <Select
          aria-label={say('enrol.use')}
          options={[
            { value: 'store', label: say('enrol.store') },
            { value: 'department', label: say('enrol.department') },
          ]}
        />
      </Form.Item>
      <button type="button" className="quiet-button" onClick={onRemove} aria-label={say('form.remove')} data-testid="room-remove">
        <Icon name="close" size={16} />
      </button>
    </div>
  )
}

type Site = Omit<HubBody<'createSite'>, 'action' | 'site' | 'zone' | 'knownVersion'>

const siteOf = ({ zh, en, rooms }: SiteForm): Site => ({
  name: { zh: zh.trim(), en: en?.trim() ?? '' },
  rooms: rooms.map((one) => ({
    room: one.room,
    name: { zh: one.zh.trim(), en: one.en?.trim() ?? '' },
    use: one.use === 'store' ? 'store' : 'department',
  })),
})

const formOf = ({ site, name, rooms }: SiteRow): SiteForm => ({
  site,
  zh: name.zh,
  en: name.en,
  rooms: rooms.map((one) => ({ room: one.room, zh: one.name.zh, en: one.name.en, use: one.use, known: true })),
})
