using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Opponents;

/// <summary>The frequency model of HardHeaded (ANAC 2011): an issue weighs more when its value is kept from offer to offer, a value is worth what it is offered.</summary>
public sealed class FrequencyModel : OpponentModel
{
    private const double Learning = 0.2;

    private readonly OutcomeSpace _outcomes;
    private readonly double[] _weights;
    private readonly double[][] _counts;
    private readonly double[] _most;

    /// <summary>Begins with equal weights and values.</summary>
    public FrequencyModel(OutcomeSpace outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        _outcomes = outcomes;
        _weights = [.. outcomes.Issues.Select(_ => 1.0 / outcomes.Issues.Count)];
        _counts = [.. outcomes.Issues.Select(issue => Enumerable.Repeat(1.0, issue.Values.Count).ToArray())];
        _most = [.. outcomes.Issues.Select(_ => 1.0)];
    }

    /// <inheritdoc/>
    public override double Scale => 1;

    /// <inheritdoc/>
    public override void Observe(Course course)
    {
        ArgumentNullException.ThrowIfNull(course);
        Observe(course.Buyer.Count > 1 ? course.Buyer[^2].Outcome : -1, course.Buyer[^1].Outcome);
    }

    /// <summary>Learns from an offer and the one before it (−1 where there is none).</summary>
    public void Observe(int before, int outcome)
    {
        var values = _outcomes.ValuesOf(outcome);
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            _most[i] = Math.Max(_most[i], ++_counts[i][values[i]]);
            if (before >= 0 && _outcomes.ValuesOf(before)[i] == values[i])
            {
                _weights[i] += Learning / values.Length;
            }
            sum += _weights[i];
        }
        for (var i = 0; i < values.Length; i++)
        {
            _weights[i] /= sum;
        }
    }

    /// <inheritdoc/>
    public override double Value(int outcome)
    {
        var values = _outcomes.ValuesOf(outcome);
        var value = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            value += _weights[i] * _counts[i][values[i]] / _most[i];
        }
        return value;
    }
}
