namespace CustobotGateway.Bargaining.Opponents;

/// <summary>What moves the buyer, as far as its acts tell.</summary>
public enum BuyerKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>The clock.</summary>
    Clock,

    /// <summary>Our concessions.</summary>
    Reactive,
}

/// <summary>
/// Follows how the buyer answers our moves. Reactivity is how often its offer changed when we had conceded, less how often it offered something new when we had not:
/// about 0.6 to 0.8 for tit-for-tat and MiCRO, about 0 for whoever follows the clock.
/// </summary>
public sealed class Behaviour
{
    private const int MinSamples = 2;
    private const double ReactiveFrom = 0.5;

    private int _conceded, _changed, _held, _fresh;

    /// <summary>From −1 to 1; null before there are two samples of both.</summary>
    public double? Reactivity => _conceded >= MinSamples && _held >= MinSamples ? ((double)_changed / _conceded) - ((double)_fresh / _held) : null;

    /// <summary>What moves the buyer.</summary>
    public BuyerKind Kind => Reactivity switch { null => BuyerKind.Unknown, >= ReactiveFrom => BuyerKind.Reactive, _ => BuyerKind.Clock };

    /// <summary>Learns from the turn's offer, which is valid.</summary>
    public void Observe(Course course)
    {
        ArgumentNullException.ThrowIfNull(course);
        if (course.Own.Count < 2 || course.Buyer.Count < 2)
        {
            return;
        }
        var (last, before) = (course.Own[^1], course.Own[^2]);
        if (last == before)
        {
            _held++;
            _fresh += course.IsNewOffer ? 1 : 0;
        }
        else if (course.Space.Utility(last) < course.Space.Utility(before))
        {
            _conceded++;
            _changed += course.Buyer[^1].Outcome != course.Buyer[^2].Outcome ? 1 : 0;
        }
    }
}
