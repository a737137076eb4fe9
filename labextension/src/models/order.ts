/** The order of names as people count: `metric_2` before `metric_10`. */

export const naturally = new Intl.Collator('en', { numeric: true }).compare;
