import { App, Button, Form, type FormInstance } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'
import { ClashModal } from './clash.tsx'
import { keepDraft, keptDraft } from './drafts.ts'
import type { Fields } from './fields.ts'
import { useTyped } from './guarded-drawer.tsx'
import { type RecordIs, type Saving, useSave } from './use-save.ts'
import '../parts/forms.css'

/**
 * The form of one record, new or changed: saves it under the version it began from, and shows both when somebody else was faster. What is typed and
 * left behind stands here again when one comes back.
 */
export const RecordForm = <Asked extends object>({
  is,
  idOf,
  known,
  form,
  initial,
  fieldsOf,
  onSaved,
  by,
  children,
}: RecordFormLine<Asked>) => {
  const say = useSay()
  const { message } = App.useApp()
  const id = Form.useWatch(idOf, form) as string | undefined
  const own = useSave(is, known?.id ?? id ?? '', known?.fields ?? null)
  const saving = by?.saving ?? own
  const draft = useDraft(by?.about ?? aboutOf(is, known, initial), form)
  const send = async (mine: Fields, version = known?.version): Promise<void> => {
    if (!(await saving.send(mine, version))) return
    draft.drop()
    void message.success(say('record.saved', { id: known?.id ?? id ?? '' }))
    onSaved(known?.id ?? id ?? '')
  }
  return (
    <>
      {draft.found && (
        <p className="record-note draft-note" data-testid="draft">
          <span>{say('draft.found')}</span>
          <Button size="small" onClick={draft.giveUp}>
            {say('draft.give-up')}
          </Button>
        </p>
      )}
      <Form
        form={form}
        layout="vertical"
        initialValues={draft.found ?? initial}
        onValuesChange={draft.note}
        onFinish={(asked: Asked) => void send(fieldsOf(asked))}
        disabled={saving.sending}
        scrollToFirstError
      >
        {children}
        {saving.trouble && <TroubleNote trouble={saving.trouble} />}
        <Button type="primary" htmlType="submit" size="large" block loading={saving.sending} data-testid="record-save">
          {by?.submit ?? (known ? say('record.save-version', { n: known.version + 1 }) : say('record.create'))}
        </Button>
      </Form>
      {saving.clash && (
        <ClashModal
          key={saving.clash.version}
          clash={saving.clash}
          onSave={(joined, version) => void send(joined, version)}
          onTheirs={() => {
            draft.drop()
            onSaved(known?.id ?? id ?? '')
          }}
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
  /** Where it is not saved as a record by itself: by which act, what it is about, and what its button says. */
  readonly by?: SavedBy | undefined
  readonly children: ReactNode
}
export interface SavedBy {
  readonly saving: Saving
  readonly about: string
  readonly submit: string
}

/** What was typed before and neither saved nor given up; and what is typed now, kept when the form goes while it is not saved. */
const useDraft = <Asked extends object>(about: string, form: FormInstance<Asked>) => {
  const { note, isTyped } = useTyped()
  const [found, setFound] = useState(() => keptDraft(about) as Partial<Asked> | undefined)
  const latest = useRef<object | null>(found ?? null)
  useEffect(() => {
    note(latest.current !== null)
    return () => {
      keepDraft(about, isTyped() ? latest.current : null)
      note(false)
    }
  }, [about, note, isTyped])
  const began = useRef(found)
  useEffect(() => {
    if (began.current !== found) form.resetFields()
  }, [found, form])
  const drop = (): void => {
    latest.current = null
    note(false)
  }
  return {
    found,
    drop,
    note: () => {
      latest.current = form.getFieldsValue(true) as object
      note(true)
    },
    giveUp: () => {
      drop()
      setFound(undefined)
    },
  }
}

/** Of a change, the version it began from: what was typed over an older one is not offered on a newer. */
const aboutOf = (is: RecordIs, known: Known | null, initial: object): string =>
  `${is} ${known ? `${known.id} ${known.version}` : JSON.stringify(initial)}`
