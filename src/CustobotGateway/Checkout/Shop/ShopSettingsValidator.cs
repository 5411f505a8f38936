using System.Text.RegularExpressions;
using CustobotGateway.Catalog;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;
using FluentValidation;

namespace CustobotGateway.Checkout.Shop;

/// <summary>Holds the shop's settings to their form.</summary>
internal sealed partial class ShopSettingsValidator : AbstractValidator<ShopSettings>
{
    private const string Form = "wrong_form";
    private const string Range = "out_of_range";

    public ShopSettingsValidator()
    {
        RuleFor(shop => shop.Currencies.Accepted).Must(codes => codes.Count <= 200 && codes.All(code => code is not null && Currencies.TryGetDigits(code, out _)))
            .WithErrorCode(Form).WithMessage("'accepted' holds ISO 4217 codes.");
        RuleFor(shop => shop.Checkout.SessionMinutes).InclusiveBetween(1, 1_440).WithMessage("'session_minutes' is 1 to 1440.");
        RuleFor(shop => shop.Checkout.ContinueUrl).Must(url => url is null || IsWebAddress(url.Replace("{id}", "cks_1", StringComparison.Ordinal)))
            .WithErrorCode(Form).WithMessage("'continue_url' is an absolute http or https URL; {id} stands for the session.");
        RuleFor(shop => shop.Checkout.Links).Must(links => links.Count <= 20).WithErrorCode(Range).WithMessage("'links' holds up to 20 links.");
        RuleForEach(shop => shop.Checkout.Links).Must(link => link is not null && link.Type is { Length: > 0 and <= 64 } && link.Url.OriginalString.Length <= 2_000 && IsWebAddress(link.Url.OriginalString) && link.Title is null or { Length: <= 200 })
            .WithErrorCode(Form).WithMessage("A link has a type and an absolute http or https URL.");
        RuleFor(shop => shop.Returns).NotNull().SetValidator(new ReturnPolicyValidator());
        Taxes();
        Shipping();
        Pickup();
        RuleFor(shop => shop.Discounts).Must(all => all.Count <= 500).WithErrorCode(Range).WithMessage("'discounts' holds up to 500 discounts.");
        RuleFor(shop => shop.Discounts).Must(all => AreDifferent(all.Select(one => one?.Id))).WithErrorCode("repeated").WithMessage("Two discounts have the same id.");
        RuleFor(shop => shop.Discounts).Must(all => AreDifferent(all.Select(one => one?.Code?.Trim().ToUpperInvariant()))).WithErrorCode("repeated").WithMessage("Two discounts have the same code.");
        RuleForEach(shop => shop.Discounts).NotNull().SetValidator(new DiscountRuleValidator());
        RuleFor(shop => shop.Fees).Must(all => all.Count <= 20).WithErrorCode(Range).WithMessage("'fees' holds up to 20 fees.");
        RuleForEach(shop => shop.Fees).NotNull().ChildRules(fee =>
        {
            fee.RuleFor(one => one.Title).Length(1, 200);
            fee.RuleFor(one => one.Amount).Must(IsPrice).WithErrorCode(Range).WithMessage("'amount' is money of 0 or more, below a million million minor units.");
            fee.RuleFor(one => one.BelowSubtotal).Must(one => one is null or > 0).WithErrorCode(Range).WithMessage("'below_subtotal' is more than zero.");
        });
    }

    private void Taxes()
    {
        RuleFor(shop => shop.Taxes.Origin).Must(origin => origin is null || IsPlace(origin.Country, origin.Region)).WithErrorCode(Form).WithMessage("'origin' has a country by its ISO 3166-1 alpha-2 code.");
        RuleFor(shop => shop.Taxes.Rules).Must(rules => rules.Count <= 2_000).WithErrorCode(Range).WithMessage("'rules' holds up to 2,000 rules.");
        RuleForEach(shop => shop.Taxes.Rules).NotNull().ChildRules(rule =>
        {
            rule.RuleFor(one => one.Title).Length(1, 100);
            rule.RuleFor(one => one.Percent).Must(percent => percent is >= 0 and <= 100 && decimal.Round(percent, 4) == percent).WithErrorCode(Range).WithMessage("'percent' is 0 to 100 with up to four decimals.");
            rule.RuleFor(one => one.Country).Must((one, country) => country is null ? one.Region is null : IsPlace(country, one.Region)).WithErrorCode(Form).WithMessage("'country' is an ISO 3166-1 alpha-2 code, and a region needs one.");
            rule.RuleFor(one => one.Category).Length(1, 200);
        });
    }

    private void Shipping()
    {
        RuleFor(shop => shop.Shipping.Rates).Must(all => all.Count <= 200).WithErrorCode(Range).WithMessage("'rates' holds up to 200 rates.");
        RuleFor(shop => shop.Shipping.Rates).Must(all => AreDifferent(all.Select(one => one?.Id))).WithErrorCode("repeated").WithMessage("Two rates have the same id.");
        RuleForEach(shop => shop.Shipping.Rates).NotNull().ChildRules(rate =>
        {
            rate.RuleFor(one => one.Id).Must(IsName).WithErrorCode(Form).WithMessage("'id' is 1 to 64 lower-case letters, digits, '_' and '-'.");
            rate.RuleFor(one => one.Title).Length(1, 200);
            rate.RuleFor(one => one.Carrier).MaximumLength(100);
            rate.RuleFor(one => one.Price).Must(IsPrice).WithErrorCode(Range).WithMessage("'price' is money of 0 or more, below a million million minor units.");
            rate.RuleFor(one => one.To).Must(to => to.Count <= 1_000 && to.All(one => one is not null && Region().IsMatch(one))).WithErrorCode(Form).WithMessage("'to' holds countries (US) and regions (US-CA).");
            rate.RuleFor(one => one.FreeFrom).Must(one => one is null or >= 0).WithErrorCode(Range).WithMessage("'free_from' is 0 or more.");
            rate.RuleFor(one => one.MinDays).InclusiveBetween(0, 365);
            rate.RuleFor(one => one.MaxDays).Must((one, days) => days is null || (days >= one.MinDays && days <= 365)).WithErrorCode(Range).WithMessage("'max_days' is at least min_days and at most 365.");
            rate.RuleFor(one => one.Brackets).Must(all => all.Count <= 50 && all.All(one => one is { Amount: >= 0 and <= FindForSale.MaxPrice, MaxWeightGrams: null or >= 0, MaxSubtotal: null or >= 0 }))
                .WithErrorCode(Range).WithMessage("'brackets' holds up to 50 brackets, with amounts and limits of 0 or more.");
            rate.RuleFor(one => one.Windows).Must(all => all.Count <= 20 && AreDifferent(all.Select(one => one?.Id)) && all.All(one => one is { Title.Length: > 0 and <= 100 } && IsName(one.Id) && one.From < one.To))
                .WithErrorCode("invalid").WithMessage("'windows' holds up to 20 windows with different ids, each with a beginning before its end.");
        });
    }

    private void Pickup()
    {
        RuleFor(shop => shop.Pickup.Locations).Must(all => all.Count <= 500 && AreDifferent(all.Select(one => one?.Id))).WithErrorCode("repeated").WithMessage("'locations' holds up to 500 locations with different ids.");
        RuleForEach(shop => shop.Pickup.Locations).NotNull().ChildRules(location =>
        {
            location.RuleFor(one => one.Id).Length(1, 64);
            location.RuleFor(one => one.Name).Length(1, 200);
            location.RuleFor(one => one.Address).NotNull().SetValidator(new DestinationValidator());
            location.RuleFor(one => one.ReadyHours).InclusiveBetween(0, 24 * 365);
        });
    }

    internal static bool IsPrice(Money? money) => money is { Amount: >= 0 and <= FindForSale.MaxPrice } && Currencies.TryGetDigits(money.Currency, out _);

    internal static bool IsName(string? text) => text is not null && Name().IsMatch(text);

    private static bool IsPlace(string? country, string? region) => country is not null && Country().IsMatch(country) && region is null or { Length: > 0 and <= 100 };

    private static bool IsWebAddress(string text) => text.Length <= 2_000 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static bool AreDifferent(IEnumerable<string?> names)
    {
        var given = names.Where(name => name is not null).ToList();
        return given.Distinct(StringComparer.Ordinal).Count() == given.Count;
    }

    [GeneratedRegex(@"\A[a-z0-9_-]{1,64}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex Country();

    [GeneratedRegex(@"\A[A-Z]{2}(-[A-Z0-9]{1,10})?\z")]
    private static partial Regex Region();
}

/// <summary>Holds a discount to what its kind needs.</summary>
internal sealed class DiscountRuleValidator : AbstractValidator<DiscountRule>
{
    public DiscountRuleValidator()
    {
        RuleFor(one => one.Id).Must(ShopSettingsValidator.IsName).WithErrorCode("wrong_form").WithMessage("'id' is 1 to 64 lower-case letters, digits, '_' and '-'.");
        RuleFor(one => one.Title).Length(1, 200);
        RuleFor(one => one.Code).Must(code => code is null || (code.Length is > 0 and <= 64 && code.Trim() == code)).WithErrorCode("wrong_form").WithMessage("'code' is 1 to 64 characters without spaces at its ends.");
        RuleFor(one => one.Percent).Must((one, percent) => percent is null ? one.Kind != DiscountKind.Percent : one.Kind is DiscountKind.Percent or DiscountKind.BuyX && percent is > 0 and <= 100 && decimal.Round(percent.Value, 4) == percent)
            .WithErrorCode("out_of_range").WithMessage("'percent' is more than 0 and up to 100 with up to four decimals; of the kinds percent and buy_x.");
        RuleFor(one => one.Amount).Must((one, amount) => amount is null ? one.Kind != DiscountKind.Amount : one.Kind == DiscountKind.Amount && amount.Amount > 0 && ShopSettingsValidator.IsPrice(amount))
            .WithErrorCode("out_of_range").WithMessage("'amount' is money of more than 0; of the kind amount.");
        RuleFor(one => one.Buy).Must((one, buy) => buy is null ? one.Kind != DiscountKind.BuyX : one.Kind == DiscountKind.BuyX && buy is >= 1 and <= 10_000).WithErrorCode("out_of_range").WithMessage("'buy' is 1 to 10000; of the kind buy_x.");
        RuleFor(one => one.Get).Must((one, get) => get is null ? one.Kind != DiscountKind.BuyX : one.Kind == DiscountKind.BuyX && get is >= 1 and <= 10_000).WithErrorCode("out_of_range").WithMessage("'get' is 1 to 10000; of the kind buy_x.");
        RuleFor(one => one.Minimum).Must(minimum => minimum is null || ShopSettingsValidator.IsPrice(minimum)).WithErrorCode("out_of_range").WithMessage("'minimum' is money of 0 or more.");
        RuleFor(one => one.Categories).Must(all => all.Count <= 200 && all.All(one => one is { Length: > 0 and <= 200 })).WithErrorCode("wrong_length").WithMessage("'categories' holds up to 200 names of categories.");
        RuleFor(one => one.EndsAt).Must((one, end) => end is null || one.StartsAt is null || end > one.StartsAt).WithErrorCode("out_of_range").WithMessage("'ends_at' is after starts_at.");
        RuleFor(one => one.Uses).Must(uses => uses is null or > 0).WithErrorCode("out_of_range").WithMessage("'uses' is 1 or more.");
    }
}
