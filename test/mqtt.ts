import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'

/** The tests' one door of mqtt.js: a client that never reconnects by itself and speaks MQTT 3.1.1. */
export const connectMqtt = (url: string, options: IClientOptions): MqttClient =>
  mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: 0, clean: true, ...options })
export type MqttOptions = IClientOptions
export type MqttLine = MqttClient
