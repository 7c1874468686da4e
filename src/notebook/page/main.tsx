/** The page: it draws what its worker says. */
import { render } from 'preact'
import { App } from './app'
import { LessonKeeper } from './keep/lesson-keeper'
import { keepForOffline } from './offline'
import { Visit } from './visit/visit'

const page = document.getElementById('page') as HTMLElement
page.replaceChildren()
const keeper = new LessonKeeper()
const visit = new Visit(keeper)
keeper.visit = visit
render(<App visit={visit} keeper={keeper} />, page)
void keepForOffline()
