import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { Form, Input } from 'antd'
import type { Fields } from '../records/fields.ts'
import { IdField, type Ruling, RulingFields, rulingOf } from '../records/head-fields.tsx'
import { PaperField } from '../records/paper.tsx'
import { PickRecord } from '../records/pick.tsx'
import { type Known, RecordForm } from '../records/record-form.tsx'
import { useSay } from '../words.ts'

interface CertificateForm extends Ruling {
  readonly id: string
  readonly number: string
  readonly holder?: string
  readonly issued?: string
  readonly until?: string
  readonly file?: string
}

/** A registration or filing certificate: its number, its days, its holder, its scanned paper. */
export const CertificateFields = ({ known, holderName, onSaved }: CertificateLine) => {
  const say = useSay()
  const [form] = Form.useForm<CertificateForm>()
  return (
    <RecordForm
      is="certificate"
      idOf="id"
      known={known}
      form={form}
      initial={known ? formOf(known) : {}}
      fieldsOf={(asked) => certificateOf(asked) as Fields}
      onSaved={onSaved}
    >
      <IdField name="id" known={known !== null} placeholder="nmpa-20153140123" />
      <Form.Item
        name="number"
        label={say('field.number')}
        extra={say('certificate.number-hint')}
        rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
      >
        <Input maxLength={80} data-testid="number-field" />
      </Form.Item>
      <Form.Item name="holder" label={say('field.holder')}>
        <PickRecord of="party" name={holderName} />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="issued" label={say('field.issued')}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="until" label={say('field.until')} extra={say('certificate.until-hint')}>
          <Input type="date" data-testid="until-field" />
        </Form.Item>
      </div>
      <Form.Item name="file" label={say('field.file')}>
        <PaperField />
      </Form.Item>
      <RulingFields />
    </RecordForm>
  )
}

interface CertificateLine {
  readonly known: Known | null
  readonly holderName?: string | undefined
  readonly onSaved: () => void
}

type Certificate = Omit<HubBody<'saveCertificate'>, 'action' | 'id' | 'knownVersion'>

const certificateOf = ({ number, holder, issued, until, file, ...ruling }: CertificateForm): Certificate => ({
  number: number.trim(),
  ...(holder ? { holder } : {}),
  issued: issued || null,
  until: until || null,
  ...(file ? { file } : {}),
  ...rulingOf(ruling),
})

const formOf = ({ id, fields }: Known): CertificateForm => {
  const { issued, until, ...rest } = fields as unknown as Certificate
  return { ...rest, id, issued: issued ?? '', until: until ?? '' }
}
