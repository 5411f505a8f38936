using CustobotGateway.Common.Preferences;
using FluentValidation;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Holds preferences to their form; what they mean in the catalogue is asked of <see cref="IPreferenceRules"/>.</summary>
public sealed class BuyingPreferencesValidator : AbstractValidator<BuyingPreferences>
{
    /// <summary>The most wishes about attributes, and brands of each kind.</summary>
    public const int MostWishes = 32;

    private const int MostLabels = 16;
    private const int LongestText = 200;

    /// <summary>Sets the rules.</summary>
    public BuyingPreferencesValidator()
    {
        RuleFor(preferences => preferences.Weights).Must(weights => weights!.Count <= MostWishes).WithErrorCode("too_many").WithMessage($"At most {MostWishes} wishes.")
            .Must(weights => weights!.Where(wish => wish is not null).DistinctBy(wish => (wish.Attribute, wish.Direction, wish.Value?.ToString())).Count() == weights!.Count)
            .WithErrorCode("duplicate").WithMessage("Each wish stands once.").When(preferences => preferences.Weights is not null);
        RuleForEach(preferences => preferences.Weights).NotNull().ChildRules(wish =>
        {
            wish.RuleFor(one => one.Attribute).NotEmpty().MaximumLength(64);
            wish.RuleFor(one => one.Weight).Must(IsWeight).WithErrorCode("out_of_range").WithMessage("'weight' is above 0 and at most 1.");
            wish.RuleFor(one => one.Value).NotNull().When(one => one.Direction == WishDirection.Is).WithMessage("'is' needs the 'value' that it is to be.");
        });
        Names(preferences => preferences.Brands!.Prefer, MostWishes);
        Names(preferences => preferences.Brands!.Avoid, MostWishes);
        RuleFor(preferences => preferences.Brands!.Avoid).Must((preferences, avoid) => !avoid!.Intersect(preferences.Brands!.Prefer ?? [], StringComparer.OrdinalIgnoreCase).Any())
            .WithErrorCode("contradiction").WithMessage("A brand is either preferred or avoided.").When(preferences => preferences.Brands?.Avoid is not null);
        RuleFor(preferences => preferences.Delivery!.MaxDays).InclusiveBetween(0, 365).WithMessage("'max_days' is 0 to 365.").When(preferences => preferences.Delivery is not null);
        RuleFor(preferences => preferences.Sustainability!.Weight).Must(IsWeight).WithErrorCode("out_of_range").WithMessage("'weight' is above 0 and at most 1.")
            .When(preferences => preferences.Sustainability is not null);
        Names(preferences => preferences.Sustainability!.Labels, MostLabels);
    }

    private static bool IsWeight(double weight) => weight is > 0 and <= 1;

    private void Names(System.Linq.Expressions.Expression<Func<BuyingPreferences, IReadOnlyList<string>?>> list, int most)
    {
        var get = list.Compile();
        bool Given(BuyingPreferences preferences)
        {
            return (list.Body.ToString().Contains(nameof(BuyingPreferences.Brands), StringComparison.Ordinal) ? (object?)preferences.Brands : preferences.Sustainability) is not null
                && get(preferences) is not null;
        }
        RuleFor(list).Must(names => names!.Count <= most).WithErrorCode("too_many").WithMessage($"At most {most} names.")
            .Must(names => names!.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names!.Count).WithErrorCode("duplicate").WithMessage("Each name stands once.")
            .Must(names => names!.All(name => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestText)).WithErrorCode("wrong_length").WithMessage($"A name has 1 to {LongestText} characters.")
            .When(Given);
    }
}
