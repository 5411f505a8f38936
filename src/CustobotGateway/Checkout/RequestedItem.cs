using CustobotGateway.Common;
using FluentValidation;

namespace CustobotGateway.Checkout;

/// <summary>A product that is asked for.</summary>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Quantity">1 to 10,000.</param>
public sealed record RequestedItem(string ProductId, int Quantity);

/// <summary>Holds what sessions and carts are made from to its form; each rule is told once.</summary>
internal static class ContentRules
{
    /// <summary>The most lines of a session or a cart.</summary>
    public const int MaxLines = 50;

    /// <summary>The most of one product.</summary>
    public const int MaxQuantity = 10_000;

    private const int MaxAttributions = 20;

    /// <summary>1 to 50 products, each once.</summary>
    public static void LineItems<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, IReadOnlyList<RequestedItem>?>> member)
    {
        var read = member.Compile();
        validator.RuleFor(member).Must(lines => lines!.Count is > 0 and <= MaxLines && lines.All(line => line is not null)
                && lines.Select(line => line.ProductId).Distinct(StringComparer.Ordinal).Count() == lines.Count)
            .When(request => read(request) is not null).WithErrorCode("invalid").WithMessage($"'line_items' holds 1 to {MaxLines} products, each once.");
        validator.RuleForEach(Each(member)).ChildRules(line =>
        {
            line.RuleFor(l => l.ProductId).Must(id => Ids.TryGetNumber("prd", id, out _)).WithErrorCode("wrong_form").WithMessage("'product_id' is a product's id: prd_ and 13 characters.");
            line.RuleFor(l => l.Quantity).InclusiveBetween(1, MaxQuantity).WithMessage($"'quantity' is 1 to {MaxQuantity}.");
        });
    }

    /// <summary>Codes of discounts.</summary>
    public static void Discounts<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, DiscountCodes?>> member) =>
        validator.RuleFor(member).Must(DiscountCodes.AreValid).OverridePropertyName("/discounts/codes").WithErrorCode("wrong_length").WithMessage($"'codes' holds up to {DiscountCodes.Most} codes of 1 to 64 characters.");

    /// <summary>Where the buyer came from.</summary>
    public static void Attribution<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, IReadOnlyDictionary<string, string>?>> member) =>
        validator.RuleFor(member).Must(all => all is null || (all.Count <= MaxAttributions && all.All(one => one.Key.Length is > 0 and <= 100 && one.Value is { Length: <= 500 })))
            .WithErrorCode("wrong_length").WithMessage($"'attribution' holds up to {MaxAttributions} texts of up to 500 characters.");

    private static System.Linq.Expressions.Expression<Func<T, IEnumerable<RequestedItem>>> Each<T>(System.Linq.Expressions.Expression<Func<T, IReadOnlyList<RequestedItem>?>> member) =>
        System.Linq.Expressions.Expression.Lambda<Func<T, IEnumerable<RequestedItem>>>(member.Body, member.Parameters);
}
