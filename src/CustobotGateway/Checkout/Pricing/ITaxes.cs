using CustobotGateway.Checkout.Shop;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>Something that tax may be due on.</summary>
/// <param name="Name">The line's id, or another name of its own.</param>
/// <param name="Category">The catalogue's category, or <see cref="TaxRule.Shipping"/>; null where it has none.</param>
/// <param name="Amount">What it comes to after discounts; zero or more.</param>
/// <param name="Place">Where it goes.</param>
public sealed record Taxable(string Name, string? Category, long Amount, TaxPlace Place);

/// <summary>The tax of an order.</summary>
/// <param name="Parts">By title and rate.</param>
/// <param name="Of">What of it falls on each taxable thing, by its name; they add up to the parts.</param>
public sealed record TaxAnswer(IReadOnlyList<TaxPart> Parts, IReadOnlyDictionary<string, long> Of);

/// <summary>Reckons tax. It is asked inside transactions: it decides in memory and at once.</summary>
public interface ITaxes
{
    /// <summary>The tax on all of it.</summary>
    TaxAnswer Of(TaxSettings settings, IReadOnlyList<Taxable> taxables);
}

/// <summary>By the table of rules in the shop's settings.</summary>
internal sealed class TaxTable : ITaxes
{
    public TaxAnswer Of(TaxSettings settings, IReadOnlyList<Taxable> taxables)
    {
        var parts = new List<TaxPart>();
        var of = new Dictionary<string, long>(StringComparer.Ordinal);
        // Rounded once for each rate and then divided: what the lines are rounded to would not add up to the tax on their sum.
        foreach (var group in taxables.Select(one => (One: one, Rule: RuleFor(settings, one))).Where(one => one.Rule is { Percent: > 0 })
            .GroupBy(one => (one.Rule!.Title, one.Rule.Percent)).OrderBy(group => group.Key.Title, StringComparer.Ordinal).ThenBy(group => group.Key.Percent))
        {
            var taxed = group.Select(one => one.One).ToList();
            var sum = taxed.Aggregate(0L, (all, one) => checked(all + one.Amount));
            var tax = settings.Inclusive ? Shares.ContainedIn(sum, group.Key.Percent) : Shares.Of(sum, group.Key.Percent);
            if (tax == 0)
            {
                continue;
            }
            parts.Add(new TaxPart(group.Key.Title, group.Key.Percent, tax, settings.Inclusive));
            var shares = Shares.Divide(tax, taxed.ConvertAll(one => one.Amount), taxed.ConvertAll(one => one.Name));
            for (var i = 0; i < taxed.Count; i++)
            {
                of[taxed[i].Name] = shares[i];
            }
        }
        return new TaxAnswer(parts, of);
    }

    private static TaxRule? RuleFor(TaxSettings settings, Taxable one) => settings.Rules
        .Where(rule => (rule.Country is null || rule.Country == one.Place.Country)
            && (rule.Region is null || string.Equals(rule.Region, one.Place.Region, StringComparison.OrdinalIgnoreCase))
            && (rule.Category is null || string.Equals(rule.Category, one.Category, StringComparison.OrdinalIgnoreCase)))
        .MaxBy(rule => (rule.Category is null ? 0 : 4) + (rule.Region is null ? 0 : 2) + (rule.Country is null ? 0 : 1));
}
