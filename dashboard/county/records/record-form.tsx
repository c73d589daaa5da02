import { App, Button, Form, type FormInstance } from 'antd'
import type { ReactNode } from 'react'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'
import { ClashModal } from './clash.tsx'
import type { Fields } from './fields.ts'
import { type RecordIs, useSave } from './use-save.ts'
import '../parts/forms.css'

/** The form of one record, new or changed: saves it under the version it began from, and shows both when somebody else was faster. */
export const RecordForm = <Asked extends object>({
  is,
  idOf,
  known,
  form,
  initial,
  fieldsOf,
  onSaved,
  children,
}: RecordFormLine<Asked>) => {
  const say = useSay()
  const { message } = App.useApp()
  const id = Form.useWatch(idOf, form) as string | undefined
  const saving = useSave(is, known?.id ?? id ?? '', known?.fields ?? null)
  const send = async (mine: Fields, version = known?.version): Promise<void> => {
    if (!(await saving.send(mine, version))) return
    void message.success(say('record.saved', { id: known?.id ?? id ?? '' }))
    onSaved(known?.id ?? id ?? '')
  }
  return (
    <>
      <Form
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(asked: Asked) => void send(fieldsOf(asked))}
        disabled={saving.sending}
        scrollToFirstError
      >
        {children}
        {saving.trouble && <TroubleNote trouble={saving.trouble} />}
        <Button type="primary" htmlType="submit" size="large" block loading={saving.sending} data-testid="record-save">
          {known ? say('record.save-version', { n: known.version + 1 }) : say('record.create')}
        </Button>
      </Form>
      {saving.clash && (
        <ClashModal
          key={saving.clash.version}
          clash={saving.clash}
          onSave={(joined, version) => void send(joined, version)}
          onTheirs={() => onSaved(known?.id ?? id ?? '')}
          onBack={saving.forget}
        />
      )}
    </>
  )
}

/** The record a change begins from. */
export interface Known {
  readonly id: string
  readonly version: number
  readonly fields: Fields
}

interface RecordFormLine<Asked> {
  readonly is: RecordIs
  /** The field that holds the id of a new record. */
  readonly idOf: string
  readonly known: Known | null
  readonly form: FormInstance<Asked>
  readonly initial: Partial<Asked>
  readonly fieldsOf: (asked: Asked) => Fields
  readonly onSaved: (id: string) => void
  readonly children: ReactNode
}
