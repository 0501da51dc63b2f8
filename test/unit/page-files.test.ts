import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { readPage, securityHeaders } from '../../src/service/page-files.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

describe('the files of the page', () => {
  beforeAll(async () => {
    await mkdir(scratch.path('page', 'assets'), { recursive: true })
    await writeFile(scratch.path('page', 'index.html'), '<title>page</title>')
    await writeFile(scratch.path('page', 'assets', 'index-1a.js'), '1')
    await writeFile(scratch.path('page', 'assets', 'unheard.of'), '2')
    await writeFile(scratch.path('secret.txt'), 'secret')
    await symlink(scratch.path('secret.txt'), scratch.path('page', 'assets', 'link.txt'))
  })

  it('are found by the paths of their addresses, and nothing beside them', () => {
    const files = readPage(scratch.path('page'))
    expect([...files.keys()].toSorted()).toEqual([
      '/',
      '/assets/index-1a.js',
      '/assets/unheard.of',
      '/index.html',
    ])
    expect(files.get('/')).toBe(files.get('/index.html'))
    expect(files.get('/')?.body.toString()).toBe('<title>page</title>')
  })

  it('have their content types', () => {
    const files = readPage(scratch.path('page'))
    expect(files.get('/')?.type).toBe('text/html; charset=utf-8')
    expect(files.get('/assets/index-1a.js')?.type).toBe('text/javascript; charset=utf-8')
    expect(files.get('/assets/unheard.of')?.type).toBe('application/octet-stream')
  })

  it('are missed with a line that says what to do', async () => {
    const line = expect.objectContaining({
      code: 'internal',
      message: expect.stringMatching(/is not built yet; run npm run build$/),
    })
    expect(() => readPage(scratch.path('nowhere'))).toThrow(line)
    await mkdir(scratch.path('empty'))
    expect(() => readPage(scratch.path('empty'))).toThrow(line)
  })
})

describe('the security headers', () => {
  const policyOf = (...connect: readonly string[]) => {
    const policy = securityHeaders(connect)['content-security-policy'] ?? ''
    return Object.fromEntries(
      policy.split('; ').map((directive) => {
        const [name, ...sources] = directive.split(' ')
        return [name, sources.join(' ')]
      }),
    )
  }

  it('let the page load its own files, and run nothing else', () => {
    expect(policyOf()).toEqual({
      'default-src': `'none'`,
      'script-src': `'self'`,
      'style-src': `'self'`,
      'img-src': `'self' data:`,
      'font-src': `'self'`,
      'connect-src': `'none'`,
      'base-uri': `'none'`,
      'form-action': `'none'`,
      'frame-ancestors': `'none'`,
      'object-src': `'none'`,
      'require-trusted-types-for': `'script'`,
    })
  })

  it('let it connect where the shell says', () => {
    const sources = [`'self'`, 'ws://127.0.0.1:8080']
    expect(policyOf(...sources)['connect-src']).toBe(`'self' ws://127.0.0.1:8080`)
  })

  it('deny what it never asks for', () => {
    const headers = securityHeaders([])
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    for (const feature of ['camera', 'microphone', 'geolocation', 'usb', 'serial']) {
      expect(headers['permissions-policy']).toContain(`${feature}=()`)
    }
  })
})
