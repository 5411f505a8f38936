namespace CustobotGateway.OAuth.Mandates;

/// <summary>The names that mandates may use. What is not known here is refused when it is asked for: a limit on something that does not exist protects nobody.</summary>
public interface IMandateVocabulary
{
    /// <summary>Whether amounts may be in this currency (ISO 4217).</summary>
    bool HasCurrency(string code);

    /// <summary>Whether a mandate may name this category.</summary>
    bool HasCategory(string category);

    /// <summary>Whether a rule may name this attribute.</summary>
    bool HasAttribute(string attribute);

    /// <summary>Whether a mandate for the one category is a mandate for products of the other, which is not its own name.</summary>
    bool Includes(string category, string productCategory);
}
