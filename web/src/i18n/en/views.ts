// Texts that begin with views.
import { addTexts, type Message } from '../message';

export const views = {
  'views.current': 'View: {name}',
  'views.keep': 'Keep this view',
  'views.name': 'Name',
  'views.name-hint': 'For filter, order and columns as they are now. No slash in it.',
  'views.none': 'No view of this list is kept.',
  'views.remove': 'Remove',
  'views.remove-of': 'Remove the view {name}',
  'views.share': 'Share it with everybody in the project',
  'views.shared': 'shared',
  'views.shared-by': 'shared by {name}',
  'views.title': 'Views',
} as const satisfies Record<string, Message>;

addTexts(views);
