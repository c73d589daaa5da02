import { Button } from 'antd'
import { useSay } from '../words.ts'

/** The foot of a small form: its act, held back while one must wait after wrong tries, and the way out. */
export const FormActs = ({ text, sending, left, onCancel }: ActsLine) => {
  const say = useSay()
  return (
    <div className="form-acts">
      <Button type="primary" htmlType="submit" loading={sending} disabled={left > 0} data-testid="part-submit">
        {left > 0 ? say('lock.button', { n: left }) : text}
      </Button>
      <Button onClick={onCancel}>{say('page.cancel')}</Button>
    </div>
  )
}

interface ActsLine {
  readonly text: string
  readonly sending: boolean
  readonly left: number
  readonly onCancel: () => void
}
