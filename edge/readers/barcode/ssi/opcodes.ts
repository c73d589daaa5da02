/** Opcodes of Zebra's Simple Serial Interface: `host` and `decoder` may send them, `body` is how what follows the head is read. */
export const SSI_OPCODES = {
  18: { name: 'CUSTOM_DEFAULTS', by: 'host', body: 'bytes' },
  128: { name: 'SSI_MGMT_COMMAND', by: 'both', body: 'bytes' },
  163: { name: 'REQUEST_REVISION', by: 'host', body: 'none' },
  164: { name: 'REPLY_REVISION', by: 'decoder', body: 'text' },
  166: { name: 'REPLY_ID', by: 'decoder', body: 'bytes' },
  176: { name: 'IMAGE_DATA', by: 'decoder', body: 'bytes' },
  180: { name: 'VIDEO_DATA', by: 'decoder', body: 'bytes' },
  192: { name: 'ILLUMINATION_OFF', by: 'host', body: 'none' },
  193: { name: 'ILLUMINATION_ON', by: 'host', body: 'none' },
  196: { name: 'AIM_OFF', by: 'host', body: 'none' },
  197: { name: 'AIM_ON', by: 'host', body: 'none' },
  198: { name: 'PARAM_SEND', by: 'both', body: 'params' },
  199: { name: 'PARAM_REQUEST', by: 'host', body: 'requested' },
  200: { name: 'PARAM_DEFAULTS', by: 'host', body: 'none' },
  201: { name: 'CHANGE_ALL_CODE_TYPES', by: 'host', body: 'bytes' },
  202: { name: 'PAGER_MOTOR_ACTIVATION', by: 'host', body: 'bytes' },
  208: { name: 'CMD_ACK', by: 'both', body: 'none' },
  209: { name: 'CMD_NAK', by: 'both', body: 'cause' },
  210: { name: 'FLUSH_QUEUE', by: 'host', body: 'none' },
  211: { name: 'CAPABILITIES_REQUEST', by: 'host', body: 'none' },
  212: { name: 'CAPABILITIES_REPLY', by: 'decoder', body: 'bytes' },
  213: { name: 'BATCH_REQUEST', by: 'host', body: 'none' },
  214: { name: 'BATCH_DATA', by: 'decoder', body: 'bytes' },
  216: { name: 'CMD_ACK_ACTION', by: 'host', body: 'bytes' },
  228: { name: 'START_SESSION', by: 'host', body: 'none' },
  229: { name: 'STOP_SESSION', by: 'host', body: 'none' },
  230: { name: 'BEEP', by: 'host', body: 'beep' },
  231: { name: 'LED_ON', by: 'host', body: 'leds' },
  232: { name: 'LED_OFF', by: 'host', body: 'leds' },
  233: { name: 'SCAN_ENABLE', by: 'host', body: 'none' },
  234: { name: 'SCAN_DISABLE', by: 'host', body: 'none' },
  235: { name: 'SLEEP', by: 'host', body: 'none' },
  243: { name: 'DECODE_DATA', by: 'decoder', body: 'scan' },
  244: { name: 'DECODE_DATA_LONG', by: 'decoder', body: 'scan' },
  245: { name: 'REMOTE_KEY', by: 'decoder', body: 'bytes' },
  246: { name: 'EVENT', by: 'decoder', body: 'event' },
} as const satisfies Readonly<Record<number, SsiOpcode>>

export interface SsiOpcode {
  readonly name: string
  readonly by: 'host' | 'decoder' | 'both'
  readonly body: 'none' | 'bytes' | 'text' | 'params' | 'requested' | 'cause' | 'beep' | 'leds' | 'scan' | 'event'
}
export type SsiName = (typeof SSI_OPCODES)[keyof typeof SSI_OPCODES]['name']

/** The row of an opcode byte. */
export const opcodeRow = (opcode: number): SsiOpcode | undefined => (SSI_OPCODES as Readonly<Record<number, SsiOpcode>>)[opcode]

/** The opcode byte of a name. */
export const opcodeOf = (name: SsiName): number => Number(Object.entries(SSI_OPCODES).find(([, row]) => row.name === name)?.[0])

/** Why a packet is refused [SSI guide, CMD_NAK]. */
export const SSI_CAUSES: Readonly<Record<number, string>> = { 1: 'resend', 2: 'bad-context', 6: 'denied', 10: 'cancel' }

/** Parameter numbers this node sets. */
export const SSI_PARAMS = { codeId: 0x2d, trigger: 0x8a, ackNak: 0x9f, packets: 0xee } as const
/** Values of `codeId`: none, the AIM id, Symbol's own letter. */
export const CODE_ID = { none: 0, aim: 1, symbol: 2 } as const
