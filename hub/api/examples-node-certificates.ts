const AT = '2026-11-22T01:02:03.004Z'

/** One call of every route of node certificates; they stand on the site of the other examples. */
export const NODE_CERTIFICATE_EXAMPLES = {
  nodeCertificates: {
    query: { limit: 100 },
    answer: {
      rows: [
        {
          ...{ node: 'xinghe', name: { zh: '星河镇卫生院', en: 'Xinghe' }, online: true, lastHeardAt: AT, wishedAt: null },
          state: 'valid' as const,
          certificate: { from: '2026-11-20T01:02:03.000Z', until: '2027-12-25T01:02:03.000Z' },
          page: { from: '2026-11-20T01:02:03.000Z', until: '2027-12-25T01:02:03.000Z' },
          keys: [{ key: '0123456789ABCDEF', from: AT, revoked: false }],
        },
      ],
      next: null,
    },
  },
  renewNodeCertificate: {
    body: { action: 'example-renew-0001', node: 'xinghe' },
    answer: { node: 'xinghe', wishedAt: AT, online: true },
  },
}
