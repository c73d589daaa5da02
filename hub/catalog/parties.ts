import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { CertificateView, PartyView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { isCheckDigitRight } from '@lotkeeper/protocol/codes/check-digit.ts'
import { malformed, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { MARKS } from '@lotkeeper/protocol/sensitive.ts'
import { recordView } from '../projections/questions/records.ts'
import { judgeKnown, judgeTerm, recordKind } from './record-kind.ts'

/** Who makes, sells or brings things, with the licences to do so. */
export const PARTIES = recordKind<'party', HubBody<'saveParty'>, PartyView>({
  is: 'party',
  idOf: ({ id }) => id,
  fieldsOf: ({ action: _, id: __, from: ___, retired: ____, knownVersion: _____, ...fields }) => fields,
  files: ({ licences }) => licences.flatMap(({ file }) => file ?? []),
  // Who cannot see whom to call changes the rest of the record, and who is shown that it was erased does not write that as a name.
  unmasked: ({ contact, ...body }, record) => {
    const said = contact !== undefined && MARKS.includes(contact) ? record?.contact : contact
    return said === undefined ? body : { ...body, contact: said }
  },
  judge: ({ gln, licences }) => {
    if (gln !== undefined && !isCheckDigitRight(gln)) return malformed('gln', { zh: '校验位不对', en: 'has a wrong check digit' })
    return firstWrong(licences.map(({ from, until }, at) => judgeTerm(`licences/${at}`, from, until)))
  },
  view: recordView,
})

/** Registration and filing certificates of devices. */
export const CERTIFICATES = recordKind<'certificate', HubBody<'saveCertificate'>, CertificateView>({
  is: 'certificate',
  idOf: ({ id }) => id,
  fieldsOf: ({ action: _, id: __, from: ___, retired: ____, knownVersion: _____, ...fields }) => fields,
  files: ({ file }) => (file === undefined ? [] : [file]),
  names: ({ holder }) => (holder === undefined ? {} : { records: [{ is: 'party', id: holder }] }),
  judge: ({ holder, issued, until }, facts) => judgeTerm('until', issued, until) ?? judgeKnown(facts, 'party', holder),
  view: recordView,
})

const firstWrong = (judged: readonly (Refusal | null)[]): Refusal | null => judged.find((one) => one !== null) ?? null
