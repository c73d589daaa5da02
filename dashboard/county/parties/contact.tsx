import { ABSENT, ERASED, MASKED } from '@lotkeeper/protocol/sensitive.ts'
import { Form, Input } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useMay } from '../county.ts'
import { useSay } from '../words.ts'

/** Whom to call at a party; who may not see it is shown a lock, and sends nothing. */
export const ContactField = () => {
  const say = useSay()
  const may = useMay('contacts.see')
  if (may)
    return (
      <Form.Item name="contact" label={say('field.contact')}>
        <Input maxLength={200} data-testid="party-contact" />
      </Form.Item>
    )
  return (
    <>
      <Form.Item label={say('field.contact')} extra={say('contact.kept')}>
        <Input disabled value={MASKED} prefix={<Icon name="key" size={16} />} data-testid="party-contact-hidden" />
      </Form.Item>
      {/* While it is not known yet who looks, what they were told is sent back as it was. */}
      <Form.Item name="contact" hidden>
        <Input />
      </Form.Item>
    </>
  )
}

/** The same as it is read: what is hidden, erased or lost is said in words. */
export const ContactShown = ({ contact }: { readonly contact: string }) => {
  const say = useSay()
  const words = Object.hasOwn(WORDS, contact) ? WORDS[contact] : undefined
  if (words === undefined) return contact
  return (
    <span className="faint" data-testid="party-contact-mark">
      {contact === MASKED && <Icon name="key" size={14} />} {say(words)}
    </span>
  )
}

const WORDS: Readonly<Record<string, 'contact.hidden' | 'contact.erased' | 'contact.absent'>> = {
  [MASKED]: 'contact.hidden',
  [ERASED]: 'contact.erased',
  [ABSENT]: 'contact.absent',
}
