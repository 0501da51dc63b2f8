import { expect, it } from 'vitest'
import { desktops } from '../support/electron/desktop.ts'

/*
 * What a user does in the desktop app's page, on the stand-in for Electron. `desktop.page` is a page
 * of Playwright's; dialogs and the menu are reached by `desktop.nextDialog()` and `desktop.app`.
 */
const { openDesktop } = desktops()

it('the page draws itself without breaking the app’s own policy', async () => {
  const { page } = await openDesktop()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.reload()
  await page.locator('body *').first().waitFor({ state: 'attached' })
  expect(await page.locator('body').innerText()).not.toBe('')
  expect(complaints).toEqual([])
})
