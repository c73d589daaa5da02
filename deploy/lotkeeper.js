#!/usr/bin/env node
import { launch } from './launcher/launch.js'

process.exitCode = await launch(process.argv.slice(2))
