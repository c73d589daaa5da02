import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { WebhookEvent, WebhookView } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { Button, Checkbox, Drawer, Form, Input, Select } from 'antd'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useSites } from '../county.ts'
import { useSay } from '../words.ts'
import { EVENTS } from './events.ts'
import '../parts/forms.css'

interface WebhookForm {
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly sites?: readonly string[]
}

/** Makes a webhook, or changes one: where it is, and what it is told. */
export const WebhookDrawer = ({ webhook, open, onClose, onSaved }: DrawerLine) => {
  const say = useSay()
  return (
    <Drawer open={open} onClose={onClose} size={520} title={webhook ? webhook.name : say('webhooks.new')} destroyOnHidden>
      <WebhookFields webhook={webhook} onSaved={onSaved} />
    </Drawer>
  )
}

interface DrawerLine {
  /** `null`: a new one. */
  readonly webhook: WebhookView | null
  readonly open: boolean
  readonly onClose: () => void
  readonly onSaved: (made: HubAnswer<'saveWebhook'>) => void
}

const WebhookFields = ({ webhook, onSaved }: Pick<DrawerLine, 'webhook' | 'onSaved'>) => {
  const say = useSay()
  const { hub } = useCounty()
  const save = useAct((action, { name, url, events, sites = [] }: WebhookForm) =>
    hub.ask('saveWebhook', {
      body: {
        ...{ action, name: name.trim(), url: url.trim(), events: [...events] },
        sites: sites.length === 0 ? 'all' : [...sites],
        ...(webhook ? { webhook: webhook.webhook, knownVersion: webhook.version } : {}),
      },
    }),
  )
  const send = async (asked: WebhookForm): Promise<void> => {
    const answer = await save.send(asked)
    if (answer?.ok) onSaved(answer.value)
  }
  return (
    <Form<WebhookForm>
      layout="vertical"
      requiredMark={false}
      initialValues={webhook ? formOf(webhook) : { events: ['movement.booked'] }}
      disabled={save.state === 'sending'}
      onFinish={(asked) => void send(asked)}
    >
      <Form.Item
        name="name"
        label={say('webhooks.name')}
        extra={say('webhooks.name-hint')}
        rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
      >
        <Input maxLength={80} data-testid="webhook-name" />
      </Form.Item>
      <Form.Item
        name="url"
        label={say('webhooks.url')}
        extra={say('webhooks.url-hint')}
        rules={[{ required: true, pattern: /^\s*https?:\/\//i, message: say('webhooks.url-wrong') }]}
      >
        <Input maxLength={2_000} inputMode="url" placeholder="https://his.example.com/lotkeeper" data-testid="webhook-url" />
      </Form.Item>
      <Form.Item name="events" label={say('webhooks.events')} rules={[{ required: true, message: say('webhooks.events-pick') }]}>
        <Checkbox.Group className="webhook-events" options={EVENTS.map((value) => ({ value, label: say(`webhook-event.${value}`) }))} />
      </Form.Item>
      <SitesField />
      <p className="form-hint">{say('webhooks.masked')}</p>
      {save.trouble && <TroubleNote trouble={save.trouble} />}
      <Button type="primary" htmlType="submit" size="large" block loading={save.state === 'sending'} data-testid="webhook-save">
        {say('webhooks.save')}
      </Button>
    </Form>
  )
}

const SitesField = () => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  return (
    <Form.Item name="sites" label={say('webhooks.sites')} extra={say('webhooks.sites-hint')}>
      <Select
        mode="multiple"
        placeholder={say('webhooks.sites-all')}
        showSearch={{ optionFilterProp: 'label' }}
        options={[...sites.values()].map((one) => ({ value: one.site, label: nameIn(one.name, language) }))}
      />
    </Form.Item>
  )
}

const formOf = ({ name, url, events, sites }: WebhookView): WebhookForm => ({ name, url, events, ...(sites === 'all' ? {} : { sites }) })
