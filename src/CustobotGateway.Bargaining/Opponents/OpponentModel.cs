namespace CustobotGateway.Bargaining.Opponents;

/// <summary>Estimates what outcomes are worth to the buyer, from offers alone.</summary>
public abstract class OpponentModel
{
    /// <summary>One on which differences of values can be judged: about the value of a whole deal.</summary>
    public abstract double Scale { get; }

    /// <summary>Learns from the turn's offer, which is valid.</summary>
    public abstract void Observe(Course course);

    /// <summary>The estimated value of an outcome to the buyer. Only differences say something.</summary>
    public abstract double Value(int outcome);
}

/// <summary>Knows nothing: all outcomes are worth the same to the buyer.</summary>
public sealed class NoModel : OpponentModel
{
    /// <inheritdoc/>
    public override double Scale => 1;

    /// <inheritdoc/>
    public override void Observe(Course course)
    {
    }

    /// <inheritdoc/>
    public override double Value(int outcome) => 0;
}
