using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Search;

/// <summary>What mandates may name: the kinds that the gateway ships with, the registry's attributes and categories, and the categories of the products that are sold.</summary>
internal sealed class MandateVocabulary(AttributeRegistryStore registry, CatalogIndex index) : IMandateVocabulary
{
    private const string CategoryAttribute = "category";

    public bool HasCurrency(string code) => Currencies.TryGetDigits(code, out _);

    public bool HasCategory(string category) => MandateCategories.Has(category)
        || registry.Current.Attributes.Any(attribute => attribute.Definition.Categories?.Contains(category) == true)
        || (index.Current is { } current && current.Registry.Find(CategoryAttribute) is { Type: AttributeType.Keyword } attribute && current.ColumnOf(attribute) is >= 0 and var column
            && current.Snapshot.HasTerm(column, category));

    // What only staff sees would be told by what a rule on it refuses.
    public bool HasAttribute(string attribute) => registry.Current.Find(attribute) is { IsStaffOnly: false };

    public bool Includes(string category, string productCategory) => MandateCategories.Includes(category, productCategory);
}
