/** The page: it draws what its worker says. */
import { render } from 'preact'

render(<h1>Dog School</h1>, document.getElementById('page') as HTMLElement)
