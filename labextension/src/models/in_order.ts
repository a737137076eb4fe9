/** Answers that come in another order than they were asked for. */

export class InOrder {
  private asked = 0;
  private answered = 0;

  /**
   * Ask: what is returned tells, when the answer is here, whether it is news.
   *
   * It is not where a later question was answered already. One that is still on its way does not
   * matter: where changes come quicker than answers, something is seen of them all the same.
   */
  ask(): () => boolean {
    const question = ++this.asked;
    return () => {
      const isNews = question > this.answered;
      this.answered = Math.max(question, this.answered);
      return isNews;
    };
  }
}
