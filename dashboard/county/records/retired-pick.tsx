import { Select } from 'antd'
import { useSay } from '../words.ts'

/** Which records are listed: those in use, the retired ones, or all. */
export const RetiredPick = ({ value, onPick }: { readonly value: string | undefined; readonly onPick: (retired: string) => void }) => {
  const say = useSay()
  return (
    <Select
      value={value ?? ''}
      aria-label={say('record.use')}
      onChange={onPick}
      options={[
        { value: '', label: say('record.in-use') },
        { value: 'yes', label: say('record.retired') },
        { value: 'all', label: say('record.all') },
      ]}
    />
  )
}

/** The same, as a list is asked. */
export const retiredAsked = ({ retired }: Readonly<Record<string, string>>): { readonly retired?: boolean } =>
  retired === 'all' ? {} : { retired: retired === 'yes' }
