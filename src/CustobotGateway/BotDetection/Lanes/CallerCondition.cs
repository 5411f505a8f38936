using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;
using FluentValidation;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What became of a request's message signatures, as a condition asks for it.</summary>
public enum SignatureState
{
    /// <summary>The request carries signatures of which none is good.</summary>
    Bad,

    /// <summary>It carries none, or a good one.</summary>
    NotBad,
}

/// <summary>Which requests are meant: those of which everything that is said here holds. What is left out does not matter, so that an empty condition means all.</summary>
public sealed record CallerCondition
{
    /// <summary>The class that the caller is taken for.</summary>
    public CallerClass? Class { get; init; }

    /// <summary>The least score, 0 to 100.</summary>
    public int? ScoreGte { get; init; }

    /// <summary>The highest score, 0 to 100.</summary>
    public int? ScoreLte { get; init; }

    /// <summary>The code of one of the decision's reasons, 1 to 64 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The operator as it is proved: a client's id or a signature agent, 1 to 512 characters.</summary>
    public string? Operator { get; init; }

    /// <summary>A part of the header User-Agent in any case of letters, 1 to 200 characters.</summary>
    public string? UserAgentContains { get; init; }

    /// <summary>How the path begins, in any case of letters as routes match; begins with <c>/</c>, at most 200 characters.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>The group of endpoints.</summary>
    public RateGroup? Group { get; init; }

    /// <summary>What became of the request's signatures.</summary>
    public SignatureState? Signature { get; init; }

    /// <summary>Trust in the operator is below this, 1 to 100. A caller without an operator has no trust to be below it.</summary>
    public int? TrustBelow { get; init; }

    /// <summary>Whether nothing is asked but the class, or not even that.</summary>
    internal bool AsksForClassAlone => this with { Class = null } == new CallerCondition();

    internal sealed class Validator : AbstractValidator<CallerCondition>
    {
        public Validator()
        {
            RuleFor(when => when.ScoreGte).InclusiveBetween(0, 100);
            RuleFor(when => when.ScoreLte).InclusiveBetween(0, 100);
            RuleFor(when => when.ScoreLte).Must((when, most) => most is null || when.ScoreGte is null || most >= when.ScoreGte).WithMessage("'score_lte' is below 'score_gte': nothing could match.");
            RuleFor(when => when.Reason).Length(1, 64);
            RuleFor(when => when.Operator).Length(1, 512);
            RuleFor(when => when.UserAgentContains).Length(1, 200);
            RuleFor(when => when.PathPrefix).Must(path => path is null || (path.Length is > 0 and <= 200 && path[0] == '/')).WithMessage("'path_prefix' begins with '/' and has at most 200 characters.");
            RuleFor(when => when.TrustBelow).InclusiveBetween(1, 100);
        }
    }
}
