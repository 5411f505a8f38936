namespace CustobotGateway.Common.Callers;

/// <summary>One contribution to a decision about a caller.</summary>
/// <param name="Code">A stable name.</param>
/// <param name="Text">What was seen, in plain words.</param>
/// <param name="Weight">What it adds to the log-odds that software drives the caller; below zero it speaks for a person. Zero for what decides by itself, such as a proof.</param>
public sealed record CallerReason(string Code, string Text, double Weight);

/// <summary>What a request's caller is taken for, and why. Made once for each request, before anything else is decided about it.</summary>
public abstract class CallerDecision
{
    /// <summary>The class.</summary>
    public CallerClass Class { get; protected set; }

    /// <summary>The chance that software drives the caller, in hundredths. It blocks nobody by itself.</summary>
    public abstract int Score { get; }

    /// <summary>Who operates the agent, as proved: the signature agent, or the client of the access token. Null without a proof.</summary>
    public string? Operator { get; protected set; }

    /// <summary>The crawler or service that the user agent names, or null.</summary>
    public abstract string? DeclaredAs { get; }

    /// <summary>Whether the request carries signatures of which none is good.</summary>
    public abstract bool HasBadSignature { get; }

    /// <summary>What led to it, the proof first, then the largest contributions to the score. Made anew each time.</summary>
    public abstract IReadOnlyList<CallerReason> Reasons { get; }

    /// <summary>The lane that the request was put into; null before that.</summary>
    public string? Lane { get; set; }

    /// <summary>The rule that led to the lane, or the rules in shadow mode that would have; null for none.</summary>
    public string? Rule { get; set; }

    /// <summary>Whether the caller is shown prices.</summary>
    public bool PricesVisible { get; set; } = true;
}

/// <summary>The decision about a request's caller.</summary>
public static class CallerDecisions
{
    /// <summary>What the caller is taken for; null where the gateway is set not to ask.</summary>
    public static CallerDecision? GetCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<CallerDecision>();
    }
}
