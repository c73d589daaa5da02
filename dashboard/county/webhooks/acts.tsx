import type { WebhookView } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { App, Button, Dropdown } from 'antd'
import { useAct } from '../../parts/act.ts'
import type { Answer } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'

interface ActsLine {
  readonly row: WebhookView
  readonly onEdit: () => void
  readonly onSecret: (secret: string | null) => void
  /** Something is different now. */
  readonly onDone: () => void
}

/** What may be done with a webhook: try it, change it, let it rest; the grave acts behind a menu and a question. */
export const WebhookActs = ({ row, onEdit, onSecret, onDone }: ActsLine) => {
  const say = useSay()
  const { modal } = App.useApp()
  const { test, pause, rotate, end } = useWebhookActs(row, onSecret, onDone)
  if (row.state === 'ended') return null
  const confirm = (what: 'rotate' | 'end', onOk: () => Promise<void>): void =>
    void modal.confirm({
      title: say(`webhooks.${what}-title`, { name: row.name }),
      content: say(`webhooks.${what}-hint`, { n: row.waiting }),
      okText: say(`webhooks.${what}`),
      cancelText: say('page.cancel'),
      okButtonProps: { danger: what === 'end', 'data-testid': `webhook-${what}-sure` },
      onOk,
    })
  const paused = row.state === 'paused'
  return (
    <span className="webhook-acts">
      {paused && (
        <Button type="primary" onClick={() => void pause.send(false)} loading={pause.state === 'sending'} data-testid="webhook-resume">
          {say('webhooks.resume')}
        </Button>
      )}
      <Button onClick={() => void test.send(row.webhook)} loading={test.state === 'sending'} data-testid="webhook-test">
        {say('webhooks.test')}
      </Button>
      <Button onClick={onEdit} data-testid="webhook-edit">
        {say('webhooks.edit')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...(paused ? [] : [{ key: 'pause', label: say('webhooks.pause') }]),
            { key: 'rotate', label: say('webhooks.rotate') },
            { key: 'end', label: say('webhooks.end'), danger: true },
          ],
          onClick: ({ key }) => {
            if (key === 'pause') void pause.send(true)
            else confirm(key === 'rotate' ? 'rotate' : 'end', key === 'rotate' ? rotate : end)
          },
        }}
      >
        <Button icon={<Icon name="menu" size={18} />} aria-label={say('webhooks.more')} data-testid="webhook-more" />
      </Dropdown>
    </span>
  )
}

const useWebhookActs = (row: WebhookView, onSecret: ActsLine['onSecret'], onDone: () => void) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const { webhook, version, name, url, events, sites } = row
  /** Says what was refused; whatever came of it, what is shown may be old. */
  const told = <Value,>(answer: Answer<Value>): Answer<Value> => {
    if (!answer.ok) void message.error(nameIn(answer.trouble, language))
    onDone()
    return answer
  }
  const test = useAct(async (action, id: string) => {
    const answer = told(await hub.ask('testWebhook', { body: { action, webhook: id } }))
    if (!answer.ok) return answer
    const { status, trouble, tookMs } = answer.value.delivery
    if (trouble) void message.error(say('webhooks.test-failed', { why: nameIn(trouble, language) }), FAILURE_SECONDS)
    else void message.success(say('webhooks.test-came', { status: status ?? 0, ms: tookMs ?? 0 }))
    return answer
  })
  const pause = useAct(async (action, paused: boolean) =>
    told(await hub.ask('saveWebhook', { body: { action, webhook, knownVersion: version, name, url, events, sites, paused } })),
  )
  const rotated = useAct(async (action, id: string) => told(await hub.ask('rotateWebhookSecret', { body: { action, webhook: id } })))
  const ended = useAct(async (action, id: string) => told(await hub.ask('endWebhook', { body: { action, webhook: id } })))
  return {
    test,
    pause,
    rotate: async () => {
      const answer = await rotated.send(webhook)
      if (answer?.ok) onSecret(answer.value.secret)
    },
    end: async () => void (await ended.send(webhook)),
  }
}

/** What went wrong is read longer than what went well. */
const FAILURE_SECONDS = 8
