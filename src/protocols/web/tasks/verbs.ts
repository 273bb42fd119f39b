import { removed } from '../removed.ts'
import { completeTask } from './complete-task.ts'
import { findTasks } from './find-tasks.ts'
import { saveTask } from './save-task.ts'

export const taskVerbs = { completeTask, findTasks, removeTask: removed, saveTask }
