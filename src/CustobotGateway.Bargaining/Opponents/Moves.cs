namespace CustobotGateway.Bargaining.Opponents;

/// <summary>The buyer's steps from offer to offer, counted by what they look like.</summary>
/// <param name="Changes">Offers that differ from the one before.</param>
/// <param name="Way">The length of all steps, by the buyer's estimated value as a share of the scale.</param>
/// <param name="Progress">How far they led: steps forward less steps back.</param>
/// <param name="Retreats">Clear steps back that came right after our concession.</param>
/// <param name="Jumps">Steps of more than a tenth of the scale, there and back again.</param>
/// <param name="AfterStand">Long stands (a third of the rounds), not at the first offer, that ended in a step forward after all.</param>
/// <param name="Nibbles">Steps forward in one issue alone and by little.</param>
/// <param name="LateShare">How much of what was given came in the last tenth of the rounds.</param>
/// <param name="Scale">Of the values.</param>
internal readonly record struct Moves(int Changes, double Way, double Progress, int Retreats, int Jumps, int AfterStand, int Nibbles, double LateShare, double Scale)
{
    private const double Little = 0.01, Clear = 0.03, Large = 0.1;

    public static Moves Of(Course course, OpponentModel model)
    {
        var moves = new Moves { Scale = model.Scale };
        var (stand, given, late, wasJump) = (0, 0.0, 0.0, false);
        for (var i = 1; i < course.Buyer.Count; i++)
        {
            var (before, now) = (course.Buyer[i - 1].Outcome, course.Buyer[i].Outcome);
            if (before == now)
            {
                stand++;
                continue;
            }
            var step = (model.Value(before) - model.Value(now)) / model.Scale;
            var conceded = OwnConceded(course, i);
            moves = moves with
            {
                Changes = moves.Changes + 1,
                Way = moves.Way + Math.Abs(step),
                Progress = moves.Progress + step,
                Retreats = moves.Retreats + (step < -Clear && conceded ? 1 : 0),
                Jumps = moves.Jumps + (step < -Large && wasJump ? 1 : 0),
                AfterStand = moves.AfterStand + (step > 0 && before != course.Buyer[0].Outcome && stand >= Math.Max(4, course.Rounds / 3) && course.Buyer[i].Round < 0.9 * course.Rounds ? 1 : 0),
                Nibbles = moves.Nibbles + (step is > 0 and < Little && Differences(course, before, now) == 1 ? 1 : 0),
            };
            wasJump = step > Large;
            stand = 0;
            given += Math.Max(0, step);
            late += course.Buyer[i].Round >= 0.9 * (course.Rounds - 1) ? Math.Max(0, step) : 0;
        }
        return moves with { LateShare = given > 0 ? late / given : 0 };
    }

    private static bool OwnConceded(Course course, int buyerOffer)
    {
        // Own offers and the buyer's come in turn; the own one before the buyer's i-th is the i-th or the one before it, by who opened.
        var own = Math.Min(course.Own.Count - 1, course.Space.Scenario.Protocol.Opens == Domain.Party.Seller ? buyerOffer : buyerOffer - 1);
        return own > 0 && course.Space.Utility(course.Own[own]) < course.Space.Utility(course.Own[own - 1]);
    }

    private static int Differences(Course course, int one, int other)
    {
        var left = course.Space.Outcomes.ValuesOf(one);
        var right = course.Space.Outcomes.ValuesOf(other);
        var differing = 0;
        for (var i = 0; i < left.Length; i++)
        {
            differing += left[i] != right[i] ? 1 : 0;
        }
        return differing;
    }
}
