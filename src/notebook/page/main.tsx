/** The page: it draws what its worker says. */
import { render } from 'preact'
import { App } from './app'
import { keepForOffline } from './offline'
import { Visit } from './visit'

const page = document.getElementById('page') as HTMLElement
page.replaceChildren()
render(<App visit={new Visit()} />, page)
void keepForOffline()
