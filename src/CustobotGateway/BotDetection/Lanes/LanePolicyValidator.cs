using System.Text.RegularExpressions;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;
using FluentValidation;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Holds a policy to its form, and to what no policy may do: shut a caller out of reading, or out of the way into a better lane.</summary>
internal sealed partial class LanePolicyValidator : AbstractValidator<LanePolicy>
{
    private const int MostLanes = 20;
    private const int MostAssignments = 100;
    private const int SlowestWindowSeconds = 60;

    /// <summary>What stays open in every lane.</summary>
    private static readonly RateGroup[] NeverForbidden = [RateGroup.Reads, RateGroup.Token, RateGroup.Registration, RateGroup.Device, RateGroup.Other];

    public LanePolicyValidator()
    {
        RuleFor(policy => policy.Lanes).Must(lanes => lanes.Count is > 0 and <= MostLanes).WithErrorCode("out_of_range").WithMessage($"A policy has 1 to {MostLanes} lanes.");
        RuleForEach(policy => policy.Lanes).NotNull().WithErrorCode("required").WithMessage("A lane is an object.");
        RuleForEach(policy => policy.Assign).NotNull().WithErrorCode("required").WithMessage("An assignment is an object.");
        RuleFor(policy => policy.Lanes).Must(lanes => lanes.Select(lane => lane?.Name).Distinct(StringComparer.Ordinal).Count() == lanes.Count).WithErrorCode("repeated").WithMessage("Two lanes have the same name.");
        RuleFor(policy => policy.Assign).Must(assign => assign.Count is > 0 and <= MostAssignments).WithErrorCode("out_of_range").WithMessage($"A policy has 1 to {MostAssignments} assignments.");
        RuleForEach(policy => policy.Lanes).ChildRules(lane =>
        {
            lane.RuleFor(one => one.Name).Must(name => Name().IsMatch(name)).WithErrorCode("wrong_form").WithMessage("A name has 1 to 40 lower-case letters, digits, '_' and '-'.");
            foreach (var group in Enum.GetValues<RateGroup>())
            {
                lane.RuleFor(one => one).Must(one => !NeverForbidden.Contains(group) || one.Of(group)?.Allowed != false)
                    .OverridePropertyName(group.ToString()).WithErrorCode("wall").WithMessage("No lane is a wall: it reads products, and it may do what leads into a better lane.");
                lane.RuleFor(one => one).Must(one => IsInRange(one.Of(group)?.Rate))
                    .OverridePropertyName(group.ToString()).WithErrorCode("out_of_range").WithMessage("'permits' lies between 1 and 1,000,000,000, 'window_seconds' between 1 and 86,400.");
                lane.RuleFor(one => one).Must(one => !NeverForbidden.Contains(group) || !IsInRange(one.Of(group)?.Rate) || !IsTooSlow(one.Of(group)?.Rate))
                    .OverridePropertyName(group.ToString()).WithErrorCode("wall").WithMessage("No lane is a wall: at least one request a minute is let through here.");
            }
        });
        RuleForEach(policy => policy.Assign).ChildRules(assignment => assignment.RuleFor(one => one.When).SetValidator(new CallerCondition.Validator()));
        RuleForEach(policy => policy.Assign).Must((policy, assignment) => assignment is null || policy.Lanes.Any(lane => lane?.Name == assignment.Lane)).WithErrorCode("unknown_lane").WithMessage("There is no lane of that name in the policy.");
        RuleFor(policy => policy.Assign).Must(assign => Enum.GetValues<CallerClass>().All(one => assign.Any(assignment => assignment is not null && assignment.When.AsksForClassAlone && (assignment.When.Class ?? one) == one)))
            .WithErrorCode("class_without_lane").WithMessage("Every class needs an assignment that asks for nothing else: an empty 'when' at the end covers all that are left.");
    }

    private static bool IsInRange(RateLimit? rate) => rate is null or { Permits: >= 1 and <= 1_000_000_000, WindowSeconds: >= 1 and <= 86_400 };

    private static bool IsTooSlow(RateLimit? rate) => rate is not null && (long)rate.Permits * SlowestWindowSeconds < rate.WindowSeconds;

    [GeneratedRegex(@"\A[a-z0-9_-]{1,40}\z")]
    private static partial Regex Name();
}
