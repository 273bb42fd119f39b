export { adminDocumentRoutes } from './document-routes.ts'
export { createPages, type PageLimits, type Pages, type PagesNeeds } from './pages.ts'
export { adminRoutes, type AdminRoutesNeeds } from './routes.ts'
