/**
 * What people in the lab write to each other: conversations and single messages, one row each. `{topic}` and the like are
 * filled in by the generator; people are named by role: lab people by alias, others by the keys of `outsiders`.
 */
export interface Turn {
  from: string
  to: string[]
  cc?: string[]
  text: string
  /** `file` adds a document, `picture` an inline picture. */
  with?: 'file' | 'picture'
}
export interface Script {
  subject: string
  turns: Turn[]
  category?: string
  importance?: 'High' | 'Low'
  /** Sub-folder of the mailbox that reads it, where it is filed. */
  folder?: Record<string, string>
}

export const outsiders: Record<string, { name: string; address: string }> = {
  fabrikam: { name: 'Carla Weber', address: 'carla.weber@fabrikam.example' },
  northwind: { name: 'Nils Lindqvist', address: 'nils@northwind.example' },
  tailspin: { name: 'Priya Nair', address: 'priya.nair@tailspin.example' },
  travel: { name: 'Margie’s Travel', address: 'bookings@margiestravel.example' },
  news: { name: 'Proseware Weekly', address: 'newsletter@proseware.example' },
  builds: { name: 'Build Service', address: 'builds@ci.contoso.example' },
  shop: { name: 'Wide World Importers', address: 'orders@wideworldimporters.example' },
}

export const topics = ['Atlas', 'Borealis', 'Cobalt', 'Delta', 'Ember', 'Fjord'] as const
export const places = ['Hamburg', 'Kraków', 'Malmö', 'Lyon', 'Zürich', 'São Paulo'] as const

// prettier-ignore
export const scripts: readonly Script[] = [
  {
    subject: '{topic}: plan for the next milestone', category: 'Project', folder: { mary: 'Projects/Atlas' },
    turns: [
      { from: 'mary', to: ['rob'], cc: ['ann'], text: 'Rob, could you go through the plan for {topic} before Thursday? The open points are marked. I am most worried about the {n} tickets nobody owns.', with: 'file' },
      { from: 'rob', to: ['mary'], cc: ['ann'], text: 'Read it. Two of the dates cannot hold: the test machines arrive a week later than the plan says. Shall I move them, or do we cut the export?' },
      { from: 'mary', to: ['rob'], text: 'Move them. The export stays, Fabrikam asked for it twice.' },
      { from: 'rob', to: ['mary'], text: 'Done, new version attached. I also gave owners to all but three tickets.', with: 'file' },
    ],
  },
  {
    subject: 'Question about {topic} and your offer', category: 'Customer', folder: { rob: 'Customers', sales: 'Offers' },
    turns: [
      { from: 'fabrikam', to: ['sales'], cc: ['mary'], text: 'Dear team, we have read your offer for {topic} with interest. Is the support of the first year included, and can we order {n} seats now and the rest in spring? Kind regards, Carla Weber' },
      { from: 'mary', to: ['fabrikam'], cc: ['sales'], text: 'Dear Carla, both yes: support is included for twelve months, and later seats have the same price until June. I will send the corrected offer today.' },
      { from: 'fabrikam', to: ['mary'], cc: ['sales'], text: 'Perfect, thank you. We decide next week.' },
    ],
  },
  {
    subject: 'Photos from {place}',
    turns: [
      { from: 'ann', to: ['staff'], text: 'Hello everybody, the pictures of our day in {place} are here. My favourite is below. The rest is on the shared drive.', with: 'picture' },
      { from: 'rob', to: ['ann'], text: 'Great, thanks! Who is the person with the hat?' },
    ],
  },
  {
    subject: 'Travel to {place}', folder: { ann: 'Travel' },
    turns: [
      { from: 'ann', to: ['mary'], text: 'Your trip to {place}: out on Monday at 7:40, back on Wednesday at 18:15. Is the hotel by the station all right again?' },
      { from: 'mary', to: ['ann'], text: 'Perfect. Please book a second room for Rob, he joins on Tuesday.' },
      { from: 'ann', to: ['mary'], cc: ['rob'], text: 'Both booked. The vouchers are attached.', with: 'file' },
    ],
  },
  {
    subject: 'Booking confirmation {number}: {place}', folder: { ann: 'Travel', mary: 'Receipts' },
    turns: [{ from: 'travel', to: ['ann', 'mary'], text: 'Thank you for your booking {number}. Your journey to {place} is confirmed. Please bring your identity card. Changes are free until 48 hours before departure.', with: 'file' }],
  },
  {
    subject: '[{topic}] build {number} failed', folder: { rob: 'Builds' }, importance: 'High',
    turns: [{ from: 'builds', to: ['rob'], text: 'Build {number} of {topic} failed in step “test” after {n} minutes. 3 of 1 204 tests failed: calendar/recurrence “last Friday in a leap year”, mail/charset “iso-2022-jp in a folded subject”, store/recovery “power loss between two commits”.' }],
  },
  {
    subject: '[{topic}] build {number} passed', folder: { rob: 'Builds' }, importance: 'Low',
    turns: [{ from: 'builds', to: ['rob'], text: 'Build {number} of {topic} passed in {n} minutes.' }],
  },
  {
    subject: 'Proseware Weekly, issue {n}',
    turns: [{ from: 'news', to: ['mary', 'rob'], text: 'This week: how {place} moved its archive in one night; five questions to ask before a migration; the smallest mail server we have seen. Read on in the browser, or unsubscribe with one click.', with: 'picture' }],
  },
  {
    subject: 'Invoice {number}', category: 'Finance', folder: { mary: 'Receipts' },
    turns: [
      { from: 'shop', to: ['ann'], text: 'Please find attached invoice {number} over € {n}0,00, payable within 30 days.', with: 'file' },
      { from: 'ann', to: ['mary'], text: 'Mary, could you approve this one? It is the furniture for the meeting room.', with: 'file' },
      { from: 'mary', to: ['ann'], text: 'Approved.' },
    ],
  },
  {
    subject: '{topic} prototype: feedback from Northwind', category: 'Customer', folder: { rob: 'Customers' },
    turns: [
      { from: 'northwind', to: ['rob'], cc: ['mary'], text: 'Hi Rob, we tried the prototype with twelve colleagues. Search is quick, the calendar view they liked at once. Wishes: larger type, and a way to hide weekends. Also the word “Über” came out wrong in one list — see the screenshot.', with: 'picture' },
      { from: 'rob', to: ['northwind'], cc: ['mary'], text: 'Hi Nils, thank you, that is precise. The “Über” is fixed in tonight’s version, the type size comes with the next one, and weekends are on the list.' },
      { from: 'northwind', to: ['rob'], text: 'Confirmed, it reads well now: Über, Łódź, København, 東京. See you in {place}!' },
    ],
  },
  {
    subject: 'Kitchen rota and other small things',
    turns: [
      { from: 'ann', to: ['staff'], text: 'A few small things: the coffee machine is repaired, the rota for {month} hangs at the door, and the fire drill is next Tuesday at 11.' },
      { from: 'administrator', to: ['ann'], text: 'Thank you, Ann. The drill will also switch off the lifts, could you add that?' },
    ],
  },
  {
    subject: 'Maintenance on the {topic} servers', importance: 'High',
    turns: [
      { from: 'administrator', to: ['staff'], text: 'On Saturday from 6:00 to 8:00 the {topic} servers are being updated. Mail is accepted all the time but delivered late. Please save your work on Friday.' },
      { from: 'mary', to: ['administrator'], text: 'Fine with us. Is the calendar affected too?' },
      { from: 'administrator', to: ['mary'], text: 'Only for some minutes.' },
    ],
  },
  {
    subject: 'Partnership with Tailspin', category: 'Customer', folder: { mary: 'Projects/Borealis' },
    turns: [
      { from: 'tailspin', to: ['mary'], text: 'Dear Mary, it was good to meet you in {place}. As promised, our proposal for {topic}: we bring the field engineers, you bring the platform. Could we talk next week? Best regards, Priya', with: 'file' },
      { from: 'mary', to: ['tailspin'], cc: ['rob'], text: 'Dear Priya, thank you. Wednesday or Thursday afternoon would suit us. Rob will join for the technical part.' },
      { from: 'tailspin', to: ['mary', 'rob'], text: 'Wednesday at 15:00 then. I send an invitation.' },
      { from: 'rob', to: ['mary'], text: 'I read the proposal: sound, but their interface assumes one tenant. I have {n} questions.' },
    ],
  },
]
