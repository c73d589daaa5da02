import type { TSchema } from 'typebox'
import { HUB_STATE_SCHEMA, HUB_STATE_TOPIC, TOPIC_ROOT, TOPICS, type TopicName } from './topics.ts'

/** The AsyncAPI 3.0 document of the wire, made from the topic table so that it cannot drift from it. */
export const asyncApiDocument = (version: string): AsyncApiDocument => {
  const names = Object.keys(TOPICS) as TopicName[]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Lotkeeper node wire',
      version,
      description:
        'MQTT 3.1.1 over TLS with client certificates, QoS 1. PUBACK proves nothing: only a `have` says what is held. 节点与县中心之间的 MQTT 接口。',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      county: {
        host: 'hub.example:8883',
        protocol: 'secure-mqtt',
        protocolVersion: '3.1.1',
        security: [{ $ref: '#/components/securitySchemes/nodeCertificate' }],
      },
    },
    channels: Object.fromEntries([
      ...names.map((name) => [
        name,
        {
          address: `${TOPIC_ROOT}/nodes/{node}/${TOPICS[name].tail}`,
          description: `${TOPICS[name].zh} / ${TOPICS[name].en}`,
          parameters: { node: { description: 'node id as in its certificate' } },
          messages: { [name]: { $ref: `#/components/messages/${name}` } },
          bindings: { mqtt: { bindingVersion: '0.2.0' } },
        },
      ]),
      [
        'hubState',
        {
          address: HUB_STATE_TOPIC,
          description: '县中心状态（保留消息） / The hub, retained',
          messages: { hubState: { $ref: '#/components/messages/hubState' } },
          bindings: { mqtt: { bindingVersion: '0.2.0' } },
        },
      ],
    ]),
    operations: Object.fromEntries([
      ...names.map((name) => [
        name,
        operationOf(
          name,
          TOPICS[name].from === 'node' ? 'send' : 'receive',
          `${TOPICS[name].en}, seen from the node`,
          TOPICS[name].retained,
        ),
      ]),
      ['hubState', operationOf('hubState', 'receive', 'Which hub this is and how its streams are signed, seen from the node', true)],
    ]),
    components: {
      messages: Object.fromEntries([
        ...names.map((name) => [name, messageFor(name, TOPICS[name].en, TOPICS[name].message)]),
        ['hubState', messageFor('hubState', 'The hub, retained', HUB_STATE_SCHEMA)],
      ]),
      securitySchemes: {
        nodeCertificate: {
          type: 'X509',
          description: 'client certificate of the county authority; its common name is the node id and the MQTT client id',
        },
      },
    },
  }
}

/** The document as JSON; its shape is the AsyncAPI 3.0 schema's, against which tests validate it. */
export type AsyncApiDocument = Readonly<Record<string, unknown>> & { readonly asyncapi: '3.0.0' }

const operationOf = (name: string, action: 'send' | 'receive', summary: string, retain: boolean) => ({
  action,
  summary,
  channel: { $ref: `#/channels/${name}` },
  messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
  bindings: { mqtt: { qos: 1, retain, bindingVersion: '0.2.0' } },
})

const messageFor = (name: string, title: string, schema: TSchema) => ({
  name,
  title,
  contentType: 'application/cloudevents+json',
  payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: JSON.parse(JSON.stringify(schema)) },
})
