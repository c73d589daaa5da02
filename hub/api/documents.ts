import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { WEBHOOK_EVENTS } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { openApiDocument } from '@lotkeeper/protocol/api/openapi.ts'
import { asyncApiDocument } from '@lotkeeper/protocol/wire/asyncapi.ts'
import { HTTP_COOKIE } from '../access/caller.ts'
import { HUB_EXAMPLES } from './examples.ts'

/** The documents that describe the hub to machines, by path. They are made when asked for: from the tables, so they cannot be stale. */
export const DOCUMENTS: Readonly<Record<string, (version: string) => object>> = {
  '/api/openapi.json': (version) =>
    openApiDocument(HUB_ROUTES, {
      title: 'Lotkeeper hub',
      version,
      description:
        '县级耗材网的中心接口。写入须带 action：重复提交得到第一次的结果。Every write carries an `action`: repeating it answers what the first time answered. Lists are pages: `next` is the `cursor` of the next one.',
      cookie: HTTP_COOKIE,
      examples: HUB_EXAMPLES,
      rights: ROUTE_RIGHTS,
      told: WEBHOOK_EVENTS,
    }),
  '/api/asyncapi.json': (version) => asyncApiDocument(version),
}
