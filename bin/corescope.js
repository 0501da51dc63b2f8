#!/usr/bin/env node
import { startCommand } from './launch.js'

await startCommand(process.argv.slice(2))
